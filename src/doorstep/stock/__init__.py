"""What we have, where, and promised to whom."""
