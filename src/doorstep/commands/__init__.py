"""The commands, one file for each thing that a person comes for; `__main__` lists them all."""
