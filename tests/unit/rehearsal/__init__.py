"""The recorded year, read without a database."""
