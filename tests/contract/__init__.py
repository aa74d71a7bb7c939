"""What others rely on: providers, the API, who may do what."""
