"""Prefixed, time-ordered ids such as `chk_06AVZ3M8H1…`: readable, sortable, unguessable.

Only a thing that begins on its own has a random id. What follows from it is named after it (`order_of`, `child`), so
that doing the same step twice makes the same record and not a second one.
"""

import secrets
from collections.abc import Callable
from typing import NewType

from doorstep.kernel.clock import wall_ms

CheckoutId = NewType("CheckoutId", str)
OrderId = NewType("OrderId", str)

NewId = Callable[[str], str]
"""An id source: a prefix in, a new id out. `new_id` in service; a seeded one in a rehearsal."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


def new_id(prefix: str) -> str:
    """48 bits of milliseconds and 80 random bits, as RFC 9562 version 7 lays them out, in 26 letters."""
    return id_from(prefix, wall_ms(), secrets.randbits(80))


def id_from(prefix: str, milliseconds: int, chance: int) -> str:
    """The id of a given moment and a given 80-bit number."""
    number = (milliseconds & (2**48 - 1)) << 80 | (chance & (2**80 - 1))
    letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
    return f"{prefix}_{letters}"


def order_of(checkout_id: str) -> OrderId:
    """The id of the one order that a checkout can become."""
    return OrderId(f"ord_{checkout_id.removeprefix('chk_')}")


def child(prefix: str, parent_id: str, name: str | int) -> str:
    """The id of a record that follows from another: `child("pay", "ord_X", 1)` is `pay_X-1`."""
    return f"{prefix}_{parent_id.split('_', 1)[1]}-{name}"


def new_secret() -> str:
    """256 random bits as 52 letters, for what must not be guessed."""
    number = secrets.randbits(260)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(255, -1, -5))


def chance() -> float:
    """A number from 0 to 1, to spread retries in time; nothing that must be repeatable may depend on it."""
    return secrets.randbits(53) / 2**53
