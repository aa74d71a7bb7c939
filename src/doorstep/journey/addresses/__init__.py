"""Addresses: what each country asks for, what is wrong with one, how it is written. Pure, but for libraries' rules."""
