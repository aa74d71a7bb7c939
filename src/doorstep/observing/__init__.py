"""What the program does, counted and timed at its edges: metrics, traces. The trade knows nothing of it."""
