"""How errands go through a flow of the journey and come back as reports."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from doorstep.desk.model import Errand, Report, belongs
from doorstep.journey.order import Counts, Order
from doorstep.kernel.errors import DoorstepError, Missing
from doorstep.storage.transaction import Tx

Reports = Sequence[Report | DoorstepError]


@dataclass(frozen=True)
class Way:
    """A flow, the request that it is given for an errand, and what is reported of its answer.

    `owned` is the field of the body that names a record, such as `return_id`, which must be the order's own.
    """

    flow: Callable[[Tx, Sequence[Any]], Awaitable[Sequence[Any]]]
    request: Callable[[Errand[Any]], Any]
    report: Callable[[Errand[Any], Any], Report]
    owned: str = ""


async def through(tx: Tx, errands: Sequence[Errand[Any]], way: Way) -> Reports:
    """Send errands through a flow, all at once; those about another order's record do not go."""
    strange = {one.name: refusal for one in errands if way.owned and (refusal := _strange(one, way.owned))}
    going = [one for one in errands if one.name not in strange]
    answers = await way.flow(tx, [way.request(one) for one in going])
    told: dict[str, Report | DoorstepError] = {
        one.name: answer if isinstance(answer, DoorstepError) else way.report(one, answer)
        for one, answer in zip(going, answers, strict=True)
    }
    return [strange.get(one.name) or told[one.name] for one in errands]


def name_of(errand: Errand[Any]) -> str:
    """An errand's name without its prefix, to name after it what it makes."""
    return errand.name.partition("_")[2]


def in_words(order: Order, units: Counts) -> str:
    """Units as people say them: `2 × MUG`."""
    return ", ".join(f"{count} × {order.line(position).sku}" for position, count in units) or "nothing"


def _strange(one: Errand[Any], field: str) -> Missing | None:
    record, kind = str(getattr(one.body, field)), field.removesuffix("_id")
    if belongs(one.order, record):
        return None
    return Missing(f"no_such_{kind}", f"Order {one.order.number} has no {kind} {record}.", {field: "It has none."})
