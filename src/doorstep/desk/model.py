"""An act, what somebody wants done, and what came of it. Pure."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict
from msgspec.structs import fields as fields_of

from doorstep.access.model.actor import Actor
from doorstep.access.model.permissions import Permission
from doorstep.journey.order import Order
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused

_encode = msgspec.json.Encoder(order="sorted").encode
_WORD = re.compile(r"(?<!^)([A-Z])")


class About(StrEnum):
    """What kind of thing an act is about."""

    ORDER = "order"
    ITEM = "item"
    JOB = "job"
    KEY = "key"


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said with any act: at the least, perhaps, why. Acts that ask for a reason make it a required field."""

    reason: str = ""


Body = TypeVar("Body", bound=Said)


class Wish(Struct, Generic[Body], frozen=True, kw_only=True):
    """What somebody wants done: who, with what said, and if it is about an order, which (its id or number).

    `expected` is the version of the order that the person saw; when the order has another by then, nothing is done.
    `request_id` names the request in the logs.
    """

    actor: Actor
    body: Body
    order: str = ""
    expected: int | None = None
    request_id: str = ""


class Errand(Struct, Generic[Body], frozen=True, kw_only=True):
    """A wish on its way to the flow: when it is done, its own name, and the order that it is about, if it is one."""

    actor: Actor
    body: Body
    at: datetime
    name: str
    found: Order | None = None
    request_id: str = ""

    @property
    def order(self) -> Order:
        """The order that it is about."""
        if self.found is None:
            raise Missing("no_such_order", "This act is about an order, and none is named.")
        return self.found


class Report(Struct, frozen=True, kw_only=True):
    """What a flow did: in words, what it made (a return, a parcel), and small texts of how it was before and after.

    `about` is what it was done to; for acts on orders the desk knows that and how the order stood. Some flows write
    the audit entry themselves.
    """

    says: str
    about: str = ""
    made: str = ""
    before: str = ""
    after: str = ""
    answer: Any = None
    is_written_down: bool = False


class Done(Struct, frozen=True, kw_only=True):
    """An act that is done. `about` is the id of what it was done to, `version` the order's afterwards.

    `answer` is what only some acts say, such as the changes of an import.
    """

    act: str
    about: str
    says: str
    made: str = ""
    version: int | None = None
    answer: Any = None


Outcome = Done | DoorstepError
Run = Callable[[Any, Any, Sequence[Errand[Any]]], Awaitable[Sequence[Report | DoorstepError]]]


@dataclass(frozen=True, kw_only=True)
class Act(Generic[Body]):
    """One act: its stable name, who may do it, what is said with it, and the flow that does it.

    `run` is given the desk's crew, the transaction and errands, and answers a report or an expected error for each.
    Those `for_many` can be done to many orders at once.
    """

    name: str
    title: str
    says: str
    needs: Permission
    body: type[Body]
    run: Run
    about: About = About.ORDER
    for_many: bool = False

    @property
    def asks_reason(self) -> bool:
        """Whether it must be said why."""
        return any(field.name == "reason" and field.required for field in fields_of(self.body))


def check(act: Act[Any], wish: Wish[Any]) -> None:
    """Refused unless the actor may do this, and says why where that is asked."""
    wish.actor.check(act.needs)
    if act.asks_reason and not wish.body.reason.strip():
        raise Refused("reason_needed", "Please say why: it is kept with what is done.", {"reason": "It is required."})


def changed_since(order: Order, expected: int, kinds: Sequence[str], version: int) -> Conflict:
    """The refusal of an act on an order that is not any more as the person saw it: what happened since."""
    since = ", ".join(word_of(kind) for kind in kinds) or "nothing that you have not seen"
    said = f"Order {order.number} has changed since you looked: {since}. Look again and decide again."
    return Conflict("order_changed", said, {"expected": str(expected), "version": str(version)})


def word_of(kind: str) -> str:
    """A fact's kind as it is shown: `units_picked`."""
    return _WORD.sub(r"_\1", kind).lower()


def belongs(order: Order, name: str) -> bool:
    """Whether a record is this order's: what follows from an order is named after it."""
    return name.partition("_")[2].startswith(f"{order.id.partition('_')[2]}-")


def differing(before: Standing, after: Standing) -> tuple[str, str]:
    """How an order stood and stands, as small JSON texts of what differs."""
    old, now = _shown(before), _shown(after)
    names = [name for name in {**old, **now} if old.get(name) != now.get(name)]
    return _text({name: old.get(name) for name in names}), _text({name: now.get(name) for name in names})


def small(**said: str | int) -> str:
    """A small JSON text, as the audit keeps it."""
    return _text(said)


def _shown(standing: Standing) -> dict[str, str | int]:
    units = asdict(standing.units.totals())
    shown: dict[str, str | int] = {"stage": standing.stage.value, "version": standing.seq}
    shown |= {"held": standing.held, "trouble": "; ".join(standing.trouble)}
    return {name: value for name, value in (shown | units).items() if value}


def _text(said: object) -> str:
    return _encode(said).decode() if said else ""
