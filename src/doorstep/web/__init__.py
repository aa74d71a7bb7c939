"""What programs, and later people, see over HTTP. It imports nothing above it: it is given what it needs."""
