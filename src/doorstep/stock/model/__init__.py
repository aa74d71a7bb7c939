"""What there is of an item and where, where an order's units come from, and what a count or an adjustment means."""
