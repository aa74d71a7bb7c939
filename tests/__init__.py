"""The tests of Doorstep; each folder says what it is for."""
