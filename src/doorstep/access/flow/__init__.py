"""Loads, decides, saves: keys, the audit trail, staff, sign-in, sessions, links."""
