"""What holds for every input: money, units, balance, states, delivery plans."""
