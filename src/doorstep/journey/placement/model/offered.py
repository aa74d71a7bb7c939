"""What a shopper is offered for a line that cannot be had as wished, and what is kept for them. Pure."""

from datetime import datetime

from msgspec import Struct

from doorstep.journey.asking import QuestionState
from doorstep.journey.placement.model.wishes import LineWish
from doorstep.stock.model.sourcing import Source

WAIT = "wait"
"""The option that changes nothing."""


class Offer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alternative: what the line would be instead (None: the order goes without it).

    `price_minor` is what the whole checkout would then come to. `key` names the reservation of its goods, `sources` are
    what that holds; without a key nothing is held for it.
    """

    id: str
    instead: LineWish | None = None
    name: str = ""
    price_minor: int = 0
    key: str = ""
    sources: tuple[Source, ...] = ()


class Offering(Struct, frozen=True, kw_only=True):
    """What is offered for one line, the best first, until a deadline; `default` is what then happens by itself.

    `number` counts the offerings of a checkout from 1; `line` counts its lines from 0.
    """

    number: int
    line: int
    wish: LineWish
    left: int
    offers: tuple[Offer, ...]
    default: str
    deadline: datetime


class Kept(Struct, frozen=True):
    """Goods of an alternative that was chosen, kept until the order is placed or the time is over."""

    key: str
    sources: tuple[Source, ...]
    until: datetime


class Closed(Struct, frozen=True, omit_defaults=True):
    """A question that is not open any more: how it ended, the answer, and the key of the request that brought it."""

    id: str
    state: QuestionState
    said: str = ""
    key: str = ""
