"""Every act that a person or a program does, in one place for the API, the console and the command line."""
