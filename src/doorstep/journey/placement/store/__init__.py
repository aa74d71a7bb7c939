"""The tables of placement, and every statement on them."""
