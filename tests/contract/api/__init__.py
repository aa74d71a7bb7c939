"""What the API promises to programs: URLs, shapes, errors, bounds."""
