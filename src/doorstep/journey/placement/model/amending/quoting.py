"""What an order comes to as it is wished, by the plan that it was placed under. Pure.

Two quotes are made with the same rates and prices, one for the order as it was and one as it is wished for; what was
agreed changes by their difference. So what a code took off, or a price of that day, stays as it was.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.order import Order, OrderLine
from doorstep.journey.placement.model import placing
from doorstep.journey.placement.model.amending.records import ChangeWish, NotPossible
from doorstep.journey.placement.model.amending.wishing import Lines, wishes_after, wishes_before
from doorstep.journey.placement.model.checkout import CHECKOUT, Checkout, Complete
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.priced import CheckoutLine
from doorstep.journey.placement.model.pricing import priced
from doorstep.journey.placement.model.problems import Problem
from doorstep.journey.placement.model.vat import is_reverse_charge
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.plan.records import Plan
from doorstep.stock.model.sourcing import Source

_OURS = ("lines", "address", "service", "delivery", "deliveries")
_LATER = {"insufficient_stock", "item_unavailable"}


class Quote(Struct, frozen=True):
    """The order as it was and as it is wished for, both as checkouts that were priced just now."""

    before: Checkout
    after: Checkout


def quote(order: Order, lines: Lines, wish: ChangeWish, market: Market, plan: Plan) -> Quote:
    """Both quotes. What was agreed with a buyer who pays no tax is a price without it, and so none for others."""
    before = wishes_before(order, lines)
    after = wishes_after(order, lines, wish, at_agreed_price=not is_reverse_charge(before, plan))
    return Quote(
        priced(_checkout(order, before, market), market, plan), priced(_checkout(order, after, market), market, plan)
    )


def refused(order: Order, quoted: Quote) -> NotPossible | None:
    """Why it cannot be had as it is wished for; whether the goods are there is found out when they are taken."""
    wrong = [problem for problem in quoted.after.problems if _is_ours(problem)]
    return NotPossible(order.number, tuple(wrong)) if wrong else None


def amended(order: Order, lines: Lines, quoted: Quote, *, is_quoted_anew: bool) -> Order:
    """The order as it will be, but for the deliveries in which it comes. Its lines stay and others are added."""
    if not is_quoted_anew:
        return order
    stay = len(lines.stay)
    pairs = zip(quoted.before.lines[:stay], quoted.after.lines[:stay], strict=True)
    taxed = {
        position: _taxed(order.line(position), *pair) for (position, _), pair in zip(lines.stay, pairs, strict=True)
    }
    kept = tuple(taxed.get(line.position, line) for line in order.lines)
    more = placing.lines_of(quoted.after)[stay:]
    own = tuple(replace(line, position=position) for position, line in enumerate(more, len(kept) + 1))
    wishes, (delivery, delivery_tax) = quoted.after.wishes, _delivery(order, quoted)
    return replace(
        order,
        address=wishes.address or order.address,
        service=wishes.service or order.service,
        deliveries_max=wishes.deliveries_max or order.deliveries_max,
        lines=kept + own,
        delivery_minor=delivery,
        delivery_tax_minor=delivery_tax,
        total_minor=sum(line.total_minor for line in kept + own) + delivery,
    )


def way_of(order: Order, quoted: Checkout, sources: Sequence[Source], plan: Plan) -> Order:
    """An order that comes from these sources as it is wished for: its groups are how."""
    return placing.order(quoted, _completion(order), sources, 0, plan)


def positions_of(order: Order, lines: Lines) -> Mapping[int, int]:
    """By position in the quote, the position in the order: lines that come follow those that it has."""
    stay = {number: position for number, (position, _) in enumerate(lines.stay, 1)}
    more = {len(stay) + number: len(order.lines) + number for number in range(1, len(lines.more) + 1)}
    return stay | more


def _checkout(order: Order, wishes: Wishes, market: Market) -> Checkout:
    return Checkout(
        id=order.checkout_id,
        state=CHECKOUT.start,
        version=1,
        created_at=market.at,
        expires_at=market.at,
        currency=order.currency,
        wishes=wishes,
    )


def _completion(order: Order) -> Complete:
    return Complete(order.checkout_id, order.placed_at, "", 0)


def _is_ours(problem: Problem) -> bool:
    return problem.kind not in _LATER and problem.path.startswith(_OURS)


def _taxed(line: OrderLine, before: CheckoutLine, after: CheckoutLine) -> OrderLine:
    """A line where it goes now: it costs more or less only as far as the tax there makes it."""
    if (before.total_minor, before.tax_minor) == (after.total_minor, after.tax_minor):
        return line
    total = _scaled(line.total_minor, after.total_minor, before.total_minor)
    return replace(line, total_minor=total, tax_minor=_scaled(after.tax_minor, total, after.total_minor))


def _delivery(order: Order, quoted: Quote) -> tuple[int, int]:
    """What delivery costs now, and the tax within it."""
    before, after = _delivery_of(quoted.before), _delivery_of(quoted.after)
    cost = max(0, order.delivery_minor + after - before)
    if after == before and quoted.after.delivery_tax_minor == quoted.before.delivery_tax_minor:
        return cost, order.delivery_tax_minor
    return cost, _scaled(quoted.after.delivery_tax_minor, cost, after)


def _delivery_of(checkout: Checkout) -> int:
    return checkout.totals.total - sum(line.total_minor for line in checkout.lines)


def _scaled(amount: int, by: int, of: int) -> int:
    """The amount times `by` over `of`, halves up; nothing of nothing."""
    return (2 * amount * by + of) // (2 * of) if of else 0
