"""The pages for shoppers, without a script."""
