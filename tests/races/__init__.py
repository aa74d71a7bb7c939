"""Two actors around one point."""
