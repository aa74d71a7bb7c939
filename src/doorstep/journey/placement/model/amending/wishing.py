"""What a wish means for the lines of an order: which units go, which come. Pure."""

from msgspec import Struct

from doorstep.journey.order import Address, Counts, Order, counted
from doorstep.journey.placement.model.amending.records import ChangeWish
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.kernel.limits import LINES_MAX, QUANTITY_MAX


class Lines(Struct, frozen=True):
    """Units that stay, that go, and that come: the last by the position of the line that they are more of."""

    stay: Counts
    gone: Counts
    more: Counts


def lines_of(wish: ChangeWish, order: Order, standing: Standing) -> Lines | DoorstepError:
    """What becomes of the lines, or why that cannot be."""
    kept = dict(standing.units.kept())
    wanted = dict(wish.units)
    for position, count in wanted.items():
        if not 1 <= position <= len(order.lines):
            return Refused("no_such_line", f"Order {order.number} has no line {position}.", {"units": "No such line."})
        if not 0 <= count <= QUANTITY_MAX:
            return Refused("bad_quantity", f"A quantity is from 0 to {QUANTITY_MAX}.", {"units": "Out of bounds."})
    more = counted((position, count - kept.get(position, 0)) for position, count in wanted.items())
    stay = counted((position, min(count, wanted.get(position, count))) for position, count in kept.items())
    gone = counted((position, count - wanted.get(position, count)) for position, count in kept.items())
    if not stay and not more:
        return Refused("nothing_left", f"Nothing of order {order.number} would be left. Cancel it instead.")
    if len(order.lines) + len(more) > LINES_MAX:
        return Refused("too_many_lines", f"An order has at most {LINES_MAX} lines.", {"units": "Too many lines."})
    return Lines(stay, gone, more)


def what_changes(wish: ChangeWish, lines: Lines, order: Order) -> tuple[str, ...]:
    """The parts of an order that a wish makes different, in words of the API; empty when it changes nothing."""
    service = wish.service not in (None, order.service)
    deliveries = wish.deliveries_max not in (None, order.deliveries_max)
    named = (
        ("address", wish.address not in (None, order.address)),
        ("units", bool(lines.gone or lines.more)),
        ("delivery", service or deliveries or wish.delivery is not None),
    )
    return tuple(name for name, is_so in named if is_so)


def wishes_before(order: Order, lines: Lines) -> Wishes:
    """The units that stay, as if they were wished for as the order was: what is quoted is compared with this.

    Where none stay, those that go.
    """
    return _wishes(order, tuple(_wish(order, one) for one in lines.stay or lines.gone), order.address)


def wishes_after(order: Order, lines: Lines, wish: ChangeWish, *, at_agreed_price: bool) -> Wishes:
    """The order as it is wished: units that stay first, then those that come, which cost what was agreed for their line
    or what they cost today.
    """
    stay = tuple(_wish(order, one) for one in lines.stay)
    more = tuple(_wish(order, one) for one in lines.more)
    if not at_agreed_price:
        more = tuple(LineWish(one.sku, one.quantity) for one in more)
    found = _wishes(order, stay + more, wish.address or order.address)
    return Wishes(
        lines=found.lines,
        buyer=found.buyer,
        address=found.address,
        billing_address=found.billing_address,
        service=wish.service or order.service,
        delivery=wish.delivery,
        method=found.method,
        deliveries_max=wish.deliveries_max or order.deliveries_max,
        locale=found.locale,
    )


def _wishes(order: Order, lines: tuple[LineWish, ...], address: Address) -> Wishes:
    return Wishes(
        lines=lines,
        buyer=order.buyer,
        address=address,
        billing_address=order.billing_address,
        service=order.service,
        method=order.method,
        deliveries_max=order.deliveries_max,
        locale=order.locale,
    )


def _wish(order: Order, units: tuple[int, int]) -> LineWish:
    line = order.line(units[0])
    return LineWish(line.sku, units[1], line.unit_price_minor)
