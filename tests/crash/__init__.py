"""The process is cut at every commit point and resumed."""
