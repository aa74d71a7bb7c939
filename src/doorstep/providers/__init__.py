"""Bundled plug-ins: payment, carrier and notification providers, sandbox ones included."""
