"""Payment: authorize, capture, refund, void, enquire."""
