"""Words without I/O that every other package may use: money, ids, clock, errors, states, limits."""
