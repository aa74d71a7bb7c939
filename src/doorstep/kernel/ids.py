"""Prefixed, time-ordered ids such as `chk_06AVZ3M8H1…`: readable, sortable, unguessable.

Only a thing that begins on its own has a random id. What follows from it is named after it (`order_of`, `child`), so
that doing the same step twice makes the same record and not a second one.
"""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import NewType

from doorstep.kernel.clock import wall_ms

CheckoutId = NewType("CheckoutId", str)
OrderId = NewType("OrderId", str)

NewId = Callable[[str], str]
"""An id source: a prefix in, a new id out. `new_id` in service; a seeded one in a rehearsal."""

_MOMENT_LETTERS = 10  # the 48 bits of milliseconds
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U

_VALUES = dict(zip(_ALPHABET, "0123456789abcdefghijklmnopqrstuv", strict=True))


def new_id(prefix: str) -> str:
    """48 bits of milliseconds and 80 random bits, as RFC 9562 version 7 lays them out, in 26 letters."""
    return id_from(prefix, wall_ms(), secrets.randbits(80))


def id_from(prefix: str, milliseconds: int, chance: int) -> str:
    """The id of a given moment and a given 80-bit number."""
    number = (milliseconds & (2**48 - 1)) << 80 | (chance & (2**80 - 1))
    return f"{prefix}_{_letters(number, 26)}"


def order_of(checkout_id: CheckoutId) -> OrderId:
    """The id of the one order that a checkout can become: of the same moment, the rest a hash.

    A checkout's id opens it to whoever knows it. An order's id is told to providers, so it must not give that away.
    """
    moment = checkout_id.removeprefix("chk_")[:_MOMENT_LETTERS]
    rest = int.from_bytes(sha256(checkout_id.encode()).digest()[:10], "big")
    return OrderId(f"ord_{moment}{_letters(rest, 16)}")


def moment_of(name: str) -> str:
    """The letters of an id that say when it was made."""
    return name[name.find("_") + 1 :][:_MOMENT_LETTERS]


def first_id(prefix: str, milliseconds: int) -> str:
    """What no id of a moment, or of a later one, comes before."""
    return id_from(prefix, max(0, milliseconds), 0)


def moment_ms_of(name: str) -> int:
    """The milliseconds since 1970 that an id begins with; letters that no id has count as zeros."""
    letters = name[name.find("_") + 1 :][:_MOMENT_LETTERS].ljust(_MOMENT_LETTERS, "0")
    # The letters are 50 bits, of which the first two are none of the moment's.
    return int("".join(map(_VALUES.get, letters, "0" * _MOMENT_LETTERS)), 32)


def child(prefix: str, parent_id: str, name: str | int) -> str:
    """The id of a record that follows from another: `child("pay", "ord_X", 1)` is `pay_X-1`."""
    return f"{prefix}_{parent_id.split('_', 1)[1]}-{name}"


def new_secret() -> str:
    """256 random bits as 52 letters, for what must not be guessed."""
    return _letters(secrets.randbits(260), 52)


def chance() -> float:
    """A number from 0 to 1, to spread retries in time; nothing that must be repeatable may depend on it."""
    return secrets.randbits(53) / 2**53


def _letters(number: int, count: int) -> str:
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(5 * (count - 1), -1, -5))
