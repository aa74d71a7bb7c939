"""How everything can be delivered: prices, promised days, and the ways that are worth choosing from. Pure."""
