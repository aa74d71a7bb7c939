"""What is in the way of completing a checkout: what kind, where, how bad, in words, and what can be chosen about it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from doorstep.kernel.phrase import Phrase


class Severity(StrEnum):
    """Who can solve a problem."""

    RECOVERABLE = "recoverable"
    BUYER_INPUT = "requires_buyer_input"
    BUYER_REVIEW = "requires_buyer_review"
    UNRECOVERABLE = "unrecoverable"


class Option(Struct, frozen=True, omit_defaults=True):
    """One thing that a shopper may choose. `price_minor` is what the checkout would then come to.

    `held_until`: until then the goods of this option are kept for the shopper.
    """

    id: str
    label: Phrase
    price_minor: int | None = None
    held_until: datetime | None = None


class Field(Struct, frozen=True, omit_defaults=True):
    """A field that is asked for: what forms call it, an example, and what it can be if it is one of few."""

    name: str
    label: Phrase
    example: str = ""
    choices: tuple[Option, ...] = ()


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why a checkout cannot be completed as it is: what kind, where (a path into the checkout), and in words.

    `deadline` is when `default`, one of the options, is taken if nobody chooses.
    """

    kind: str
    path: str
    severity: Severity
    message: Phrase
    options: tuple[Option, ...] = ()
    field: Field | None = None
    default: str = ""
    deadline: datetime | None = None
