"""Search: which words an order can be found by."""
