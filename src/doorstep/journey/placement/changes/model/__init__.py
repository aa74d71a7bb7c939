"""What a change of an order is, what it comes to, and whether it may be made. Pure."""
