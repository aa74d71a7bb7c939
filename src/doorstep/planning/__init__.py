"""A plan before it runs: the map of the journey and the handbook, made from the program itself."""
