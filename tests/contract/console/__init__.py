"""What the console promises: who may have which page, and what becomes of bad input."""
