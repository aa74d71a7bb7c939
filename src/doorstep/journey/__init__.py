"""What happens to an order, from the Buy button to the doorstep and back."""
