"""Money, ids, states, clock."""
