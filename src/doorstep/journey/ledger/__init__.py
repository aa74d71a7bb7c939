"""Append facts and enqueue what follows, inside the caller's transaction; read facts back."""
