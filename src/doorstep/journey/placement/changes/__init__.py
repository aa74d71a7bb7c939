"""Changes to an order that was placed: until it is given to its locations, the customer may think again."""
