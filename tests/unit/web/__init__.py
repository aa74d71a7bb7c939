"""Who a client is, how often it may ask, versions and cursors."""
