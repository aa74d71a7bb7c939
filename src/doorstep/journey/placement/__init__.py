"""Placement: from a checkout to a placed order."""
