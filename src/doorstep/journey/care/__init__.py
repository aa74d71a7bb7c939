"""Care: cases for people, questions for customers."""
