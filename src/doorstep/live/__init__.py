"""Who is told that something changed: listeners in this process at once, other processes a moment later."""
