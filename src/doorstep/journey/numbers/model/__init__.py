"""What is counted, how one order counts, which days are due, and what a report says. Pure."""
