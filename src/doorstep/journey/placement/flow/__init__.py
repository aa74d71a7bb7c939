"""Placement's use cases."""
