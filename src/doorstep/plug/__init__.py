"""Contracts for plug-ins: payment, carrier, notification. A provider sees only this package and `kernel`."""
