"""Items, and what a file says about them."""
