"""Models alone: no waiting, no database."""
