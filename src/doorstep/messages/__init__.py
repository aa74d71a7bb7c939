"""What was said to whom: exactly-once notices and their delivery state."""
