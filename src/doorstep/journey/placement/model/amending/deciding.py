"""What a wish to change an order comes to. Pure."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.balance import review_reason
from doorstep.journey.order import Before, Counts, Order, added
from doorstep.journey.placement.model.amending import moving, quoting
from doorstep.journey.placement.model.amending.records import (
    ORDER_CHANGE,
    ChangeMoney,
    ChangeRequest,
    Draft,
    OrderChange,
)
from doorstep.journey.placement.model.amending.window import closed
from doorstep.journey.placement.model.amending.wishing import Lines, lines_of, what_changes
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.paying import method_problems, methods_for
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from doorstep.kernel.money import Money
from doorstep.plan.records import Plan
from doorstep.stock.model.sourcing import Source


class Scene(Struct, frozen=True):
    """An order as it is in force, how it stands, what it is priced against, and its plan."""

    order: Order
    standing: Standing
    market: Market
    plan: Plan


def draft(request: ChangeRequest, scene: Scene) -> Draft | DoorstepError:
    """What a wish comes to, or why it cannot be; whether its goods are there is seen when they are taken."""
    order, standing = scene.order, scene.standing
    if refusal := closed(order, standing, request.at):
        return refusal
    lines = lines_of(request.wish, order, standing)
    if isinstance(lines, DoorstepError):
        return lines
    what = what_changes(request.wish, lines, order)
    if not what:
        return Refused("nothing_changes", f"Order {order.number} is like that already.")
    return _quoted(request, scene, lines, what)


def _quoted(request: ChangeRequest, scene: Scene, lines: Lines, what: tuple[str, ...]) -> Draft | DoorstepError:
    order, standing, plan = scene.order, scene.standing, scene.plan
    quoted = quoting.quote(order, lines, request.wish, scene.market, plan)
    is_quoted_anew = what != ("units",) or bool(lines.more)
    if is_quoted_anew and (impossible := quoting.refused(order, quoted)):
        return impossible
    after = quoting.amended(order, lines, quoted, is_quoted_anew=is_quoted_anew)
    more = tuple((line.position, line.quantity) for line in after.lines[len(order.lines) :])
    kept = added(lines.stay, more)
    money = _money(scene, after, kept)
    if refusal := _unseen(scene, money):
        return refusal
    change = OrderChange(
        id=request.change_id,
        order_id=order.id,
        state=ORDER_CHANGE.start,
        at=request.at,
        wish=request.wish,
        what=what,
        money=money,
        kept_before=standing.units.kept(),
        kept=kept,
        canceled=lines.gone,
        added=more,
        is_moved=moving.must_move(request.wish, lines, after, standing, plan),
        order=replace(after, before=order.before or Before(len(order.lines), order.total_minor)),
    )
    return _with_goods(change, scene, lines, quoted)


def _with_goods(change: OrderChange, scene: Scene, lines: Lines, quoted: quoting.Quote) -> Draft:
    order, standing, after = scene.order, scene.standing, change.order
    positions = quoting.positions_of(order, lines)
    if change.is_moved:
        wants = moving.want_all(change.id, change.kept, after, scene.plan, _preferred(quoted, after, positions))
        frees = moving.frees(order, moving.all_promises(standing))
    else:
        places = tuple(moving.places_now(order, standing))
        wants = moving.wants(change.id, change.added, after, places, scene.plan)
        frees = moving.frees(order, standing.units.releases(change.canceled))
    is_short = bool(change.added or change.is_moved) and not any(want.locations for want in wants)
    return Draft(change=change, wants=wants, frees=frees, is_short=is_short, quoted=quoted.after)


def _preferred(quoted: quoting.Quote, after: Order, positions: Mapping[int, int]) -> tuple[Source, ...]:
    """The way that was chosen, if one was."""
    if not quoted.after.chosen:
        return ()
    parts = ((one.location, positions[at], count) for one in quoted.after.chosen.parcels for at, count in one.units)
    return tuple(Source(place, at, after.line(at).sku, count) for place, at, count in parts)


def _money(scene: Scene, after: Order, kept: Counts) -> ChangeMoney:
    order, standing = scene.order, scene.standing
    before_minor, after_minor = worth(order, standing.units.kept()), worth(after, kept)
    funds = standing.balance.funds
    return ChangeMoney(
        before_minor=before_minor,
        after_minor=after_minor,
        delivery_before_minor=order.delivery_minor,
        delivery_after_minor=after.delivery_minor,
        pay_minor=max(0, after_minor - funds),
        back_minor=max(0, funds - after_minor) if standing.balance.asked else 0,
    )


def worth(order: Order, kept: Counts) -> int:
    """What units that are kept cost with their delivery: they are counted from the start of each line."""
    return sum(order.line(position).value(0, count) for position, count in kept) + order.delivery_minor


def _unseen(scene: Scene, money: ChangeMoney) -> Refused | None:
    """Refused when a person would have to look at what an order becomes that nobody needed to look at."""
    reason = review_reason(money.after_minor, scene.plan)
    if not scene.standing.confirmed or not reason or review_reason(money.before_minor, scene.plan):
        return None
    return Refused("needs_review", f"Order {scene.order.number} cannot become so large by itself. Please ask us.")


def payable(request: ChangeRequest, draft: Draft, plan: Plan) -> Refused | None:
    """Why the difference cannot be paid by the method that was chosen; None when it can. A method that is offered for
    the order as it becomes is offered for the difference too.
    """
    after, total = draft.change.order, draft.change.money.after_minor
    methods = methods_for(after.address.country, total, plan)
    found = method_problems(request.method, methods, Money(total, after.currency), plan)
    wrong = [str(problem.message) for problem in found]
    return Refused("unknown_method", " ".join(wrong), {"method": wrong[0]}) if wrong else None


def disagreed(request: ChangeRequest, draft: Draft) -> Conflict | None:
    """Why a change is not what the customer agreed to; None when it is, or nothing was agreed to yet."""
    now = draft.change.money.difference_minor
    if request.agreed_minor in (None, now):
        return None
    said = f"The change comes to {now} and not {request.agreed_minor} any more. Show it and ask again."
    return Conflict("difference_changed", said, {"difference_minor": str(now)})
