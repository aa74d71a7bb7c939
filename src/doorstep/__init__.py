"""Doorstep: order operations for online stores, from the Buy button to the doorstep and back."""

__version__ = "0.1.0"
