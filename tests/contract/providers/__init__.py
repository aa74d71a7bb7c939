"""What the bundled providers promise, and the suite that each provider must pass."""
