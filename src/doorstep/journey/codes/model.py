"""Uses of discount codes, and who counts as the same customer. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TypeAlias

from msgspec import Struct

from doorstep.kernel.ids import OrderId

Counter: TypeAlias = tuple[str, str]
"""What is counted: a code (see `code_key`) and a customer (see `customer_key`), or "" for all customers together."""

Counts: TypeAlias = Mapping[Counter, int]
"""How many orders have used what; what is not there was never used."""

EVERYBODY = ""


class Use(Struct, frozen=True, order=True):
    """An order that has a code."""

    order_id: OrderId
    code: str
    customer: str


class Freed(Struct, frozen=True):
    """An order that came to nothing: what it has used can be used again."""

    order_id: OrderId


def code_key(code: str) -> str:
    """A code as it is compared: capitals and spaces around it do not matter."""
    return code.strip().casefold()


def customer_key(email: str) -> str:
    """A customer by their e-mail address, whose capitals do not matter; a digest, so that none is kept here."""
    same = unicodedata.normalize("NFC", email.strip()).casefold()
    return sha256(same.encode()).hexdigest()[:32] if same else EVERYBODY


def counters_of(uses: Iterable[Use]) -> list[Counter]:
    """What is counted for some uses, each counter once, in the order in which they are locked."""
    return sorted({counter for use in uses for counter in ((use.code, EVERYBODY), (use.code, use.customer))})


def summed(uses: Iterable[Use]) -> dict[Counter, int]:
    """How much some uses add to each counter."""
    sums: dict[Counter, int] = {}
    for use in uses:
        for counter in {(use.code, EVERYBODY), (use.code, use.customer)}:
            sums[counter] = sums.get(counter, 0) + 1
    return sums
