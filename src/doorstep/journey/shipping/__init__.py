"""Shipping: label, hand over, track, deliver, lose."""
