"""How often discount codes were used, and by whom."""
