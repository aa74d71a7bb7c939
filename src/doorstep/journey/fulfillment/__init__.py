"""Fulfillment: release, pick, report what is short, pack."""
