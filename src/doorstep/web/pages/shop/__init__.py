"""What shoppers see: a small shop, the checkout, and what became of it."""
