"""Confirmation: accept, hold for review or reject; promise stock."""
