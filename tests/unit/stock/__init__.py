"""Balances, movements and where units are taken from."""
