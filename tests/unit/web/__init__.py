"""What the web decides without waiting: tokens, forms, languages, who is at the other end."""
