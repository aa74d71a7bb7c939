"""The checkout, what it comes to, and the decision that makes an order of it. Pure."""
