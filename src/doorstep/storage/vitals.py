"""What can be said of a database as a whole."""

from msgspec import Struct


class Vitals(Struct, frozen=True):
    """Which database it is, its version, and how many bytes it takes."""

    kind: str
    version: str
    size_bytes: int
