"""From where a changed order is sent: what is asked of the shelves, and what becomes of its promises. Pure."""

from collections.abc import Mapping, Sequence

from doorstep.journey import facts as f
from doorstep.journey.order import Counts, Group, Order, added, less, sources_of
from doorstep.journey.placement.model.amending.records import ChangeWish
from doorstep.journey.placement.model.amending.wishing import Lines
from doorstep.journey.placement.model.holding import locations_for
from doorstep.journey.standing import Standing
from doorstep.plan.records import Plan
from doorstep.stock.model.sourcing import Source, Want


def places_now(order: Order, standing: Standing) -> Mapping[str, Counts]:
    """What comes from where, as it is promised; of an order that is not confirmed yet, as it is held."""
    if not standing.confirmed:
        return {group.location: group.units for group in order.groups}
    places: dict[str, Counts] = {}
    for promise in standing.units.promises.values():
        if promise.to_pick:
            places[promise.location] = added(places.get(promise.location, ()), promise.to_pick)
    return places


def must_move(wish: ChangeWish, lines: Lines, after: Order, standing: Standing, plan: Plan) -> bool:
    """Whether all is to be promised anew: another way was chosen, a location does not send there, or there are more
    deliveries than are wished. What is only held is held anew when units go.
    """
    places = places_now(after, standing)
    is_away = not set(places) <= set(locations_for(plan, after.address.country))
    is_less = bool(lines.gone) and not standing.confirmed
    return wish.delivery is not None or is_away or is_less or len(places) > after.deliveries_max


def wants(change_id: str, units: Counts, after: Order, places: Sequence[str], plan: Plan) -> tuple[Want, ...]:
    """How units can be had that are added to what is promised from some places: from these, or from further ones."""
    lines = tuple((position, after.line(position).sku, count) for position, count in units)
    allowed = locations_for(plan, after.address.country)
    near = Want(change_id, lines, tuple(place for place in allowed if place in places), after.deliveries_max)
    far = Want(
        change_id, lines, tuple(place for place in allowed if place not in places), after.deliveries_max - len(places)
    )
    return tuple(want for want in (near, far) if want.locations and want.deliveries_max > 0 and lines)


def want_all(change_id: str, units: Counts, after: Order, plan: Plan, prefer: Sequence[Source]) -> tuple[Want, ...]:
    """How all units can be had anew."""
    lines = tuple((position, after.line(position).sku, count) for position, count in units)
    allowed = locations_for(plan, after.address.country)
    return (Want(change_id, lines, allowed, after.deliveries_max, prefer=tuple(prefer)),)


def frees(order: Order, promises: Sequence[f.Promise]) -> tuple[Source, ...]:
    """Where the units of void promises were."""
    return tuple(source for promise in promises for source in sources_of(order, promise.location, promise.units))


def all_promises(standing: Standing) -> tuple[f.Promise, ...]:
    """Everything that is promised."""
    units = standing.units
    return tuple(f.Promise(name, one.location, one.to_pick) for name, one in units.promises.items() if one.to_pick)


def groups_after(groups: Sequence[Group], gone: Counts, more: Sequence[Group]) -> tuple[Group, ...]:
    """The deliveries that were agreed on when some units go, from the last of them on, and some come."""
    kept: list[Group] = []
    for group in reversed(groups):
        left = less(group.units, gone)
        gone = less(gone, group.units)
        if left:
            kept.insert(0, _with(group, left))
    by_place = {group.location: place for place, group in reversed(list(enumerate(kept)))}
    for group in more:
        place = by_place.get(group.location)
        if place is None:
            kept.append(group)
        else:
            kept[place] = _with(kept[place], added(kept[place].units, group.units))
    return tuple(kept)


def _with(group: Group, units: Counts) -> Group:
    return Group(group.location, units, group.service, group.arrives_from, group.arrives_until)
