"""Addresses, phone numbers and PO boxes."""
