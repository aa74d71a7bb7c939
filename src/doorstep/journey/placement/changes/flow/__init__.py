"""The use cases of changing an order that was placed."""
