"""What a change of a placed order is, what it comes to, and whether it may be made. Pure."""
