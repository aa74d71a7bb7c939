"""The reading side: the board, the work list, lists and search, one order's whole story."""
