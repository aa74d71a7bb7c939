"""Loads, decides, saves: keys and the audit trail."""
