"""The tables of who may do what, and every statement on them."""
