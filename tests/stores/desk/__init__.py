"""Acts at the desk, on both databases: done, refused, previewed, written down, and done once."""
