"""The placed order and what its facts add up to."""
