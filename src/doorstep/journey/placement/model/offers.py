"""Which alternatives a shopper is offered for a line that cannot be had as wished, and what choosing one does. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.asking import QUESTION, QuestionState
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.holding import locations_for
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.offered import WAIT, Closed, Kept, Offer, Offering
from doorstep.journey.placement.model.pricing import country_of, priced
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.ids import child, order_of
from doorstep.plan.records import Mitigation, Plan, Unanswered
from doorstep.stock.model.sourcing import Hold, Source, Taken, Want

CLOSED_MAX = 50
HELD_MAX = 10
"""So often goods are held for alternatives within one checkout; after that they are offered without being held."""

SUBSTITUTES_OFFERED = 3
_PREFIX, _LACKING = "off", "insufficient_stock"
_LINE = re.compile(r"lines\[(\d+)\]")


class Lack(Struct, frozen=True):
    """A line, from 0, of which there are not so many as wished: the wish, and how many are left for it."""

    line: int
    wish: LineWish
    left: int


def lacks(checkout: Checkout, market: Market, plan: Plan) -> tuple[Lack, ...]:
    """The lines that cannot be had as wished. Of an item that stands on several lines the first are served first."""
    lines = {int(found[1]) for p in checkout.problems if p.kind == _LACKING and (found := _LINE.match(p.path))}
    if not lines:
        return ()
    left = dict[str, int]()
    lacking = list[Lack]()
    for line, wish in enumerate(checkout.wishes.lines):
        there = left.setdefault(wish.sku, market.available(wish.sku, locations_for(plan, country_of(checkout))))
        left[wish.sku] = max(0, there - max(0, wish.quantity))
        if line in lines:
            lacking.append(Lack(line, wish, max(0, there)))
    return tuple(lacking)


def is_open(offering: Offering, found: Collection[Lack], at: datetime) -> bool:
    """Whether what was offered still is: the same line still lacks what was wished, and there is time left."""
    return offering.deadline > at and any((one.line, one.wish) == (offering.line, offering.wish) for one in found)


def is_simple(checkout: Checkout) -> bool:
    """Whether nothing lacks, and nothing was offered before."""
    return not (checkout.offerings or checkout.kept or any(problem.kind == _LACKING for problem in checkout.problems))


def substitutes(items: Iterable[Item]) -> set[str]:
    """Items that may be offered in place of others."""
    return {sku for item in items for sku in item.substitute_skus}


def alternatives(checkout: Checkout, lack: Lack, market: Market, plan: Plan) -> tuple[Offer, ...]:
    """What there is instead, in the plan's order; not priced and not held yet."""
    offers = (one for way in plan.stock.when_unavailable for one in _WAYS[way](checkout, lack, market, plan))
    return tuple({offer.id: offer for offer in offers}.values())


def _none(_checkout: Checkout, _lack: Lack, _market: Market, _plan: Plan) -> Iterable[Offer]:
    return ()


def _substitutes(checkout: Checkout, lack: Lack, market: Market, plan: Plan) -> Iterable[Offer]:
    """Items that there are enough of, beside what other lines want of them."""
    item, count = market.items.get(lack.wish.sku), 0
    for sku in item.substitute_skus if item else ():
        wanted = lack.wish.quantity + sum(wish.quantity for wish in checkout.wishes.lines if wish.sku == sku)
        there = market.available(sku, locations_for(plan, country_of(checkout)))
        if sku not in market.items or there < wanted or count == SUBSTITUTES_OFFERED:
            continue
        count += 1
        wish = LineWish(sku, lack.wish.quantity)
        yield Offer(id=f"{Mitigation.SUBSTITUTE}:{sku}", instead=wish, name=market.items[sku].name)


def _fewer(_checkout: Checkout, lack: Lack, market: Market, _plan: Plan) -> Iterable[Offer]:
    if lack.left:
        wish = replace(lack.wish, quantity=lack.left)
        yield Offer(id=Mitigation.FEWER.value, instead=wish, name=market.items[wish.sku].name)


def _without(checkout: Checkout, lack: Lack, market: Market, _plan: Plan) -> Iterable[Offer]:
    if len(checkout.wishes.lines) > 1:
        yield Offer(id=Unanswered.WITHOUT.value, name=market.items[lack.wish.sku].name)


_WAYS: Mapping[Mitigation, Callable[[Checkout, Lack, Market, Plan], Iterable[Offer]]] = {
    Mitigation.OTHER_LOCATION: _none,  # what is at other locations is available already
    Mitigation.LATER: _none,
    Mitigation.SUBSTITUTE: _substitutes,
    Mitigation.FEWER: _fewer,
    Mitigation.ASK: _without,
}


def with_new(checkout: Checkout, found: Sequence[Lack], market: Market, plan: Plan) -> Checkout:
    """The checkout with an offering for each line that lacks and has none, if there are alternatives for it.

    They are neither priced nor held yet.
    """
    covered = {one.line for one in checkout.offerings}
    wanting = [one for one in found if one.line not in covered and one.wish not in checkout.waiting]
    new = list[Offering]()
    for lack in wanting:
        if ways := alternatives(checkout, lack, market, plan):
            new.append(_offering(lack, checkout.offered + len(new) + 1, ways, market.at, plan))
    return replace(checkout, offerings=(*checkout.offerings, *new), offered=checkout.offered + len(new))


def _offering(lack: Lack, number: int, ways: tuple[Offer, ...], at: datetime, plan: Plan) -> Offering:
    deadline = at + timedelta(minutes=plan.stock.offer_minutes)
    return Offering(
        number=number, line=lack.line, wish=lack.wish, left=lack.left, offers=ways, default=WAIT, deadline=deadline
    )


def holds(checkout: Checkout, at: datetime, plan: Plan) -> list[Hold]:
    """What is to be held for new alternatives; each by itself, all of an offering to the same end.

    The reservations last until the goods of one that is chosen late are due; what is not chosen is freed before.
    """
    locations = locations_for(plan, country_of(checkout))
    return [
        Hold(
            Want(_key(checkout, one, offer), ((one.line + 1, wish.sku, wish.quantity),), locations),
            at,
            _kept_until(one, plan),
        )
        for one in checkout.offerings
        for offer in one.offers
        if not offer.key and (wish := offer.instead) and one.number <= HELD_MAX
    ]


def _kept_until(offering: Offering, plan: Plan) -> datetime:
    return offering.deadline + timedelta(minutes=plan.stock.hold_minutes)


def _key(checkout: Checkout, offering: Offering, offer: Offer) -> str:
    return child(_PREFIX, order_of(checkout.id), f"{offering.number}-{offer.id}")


def with_held(checkout: Checkout, taken: Mapping[str, Taken]) -> Checkout:
    """The checkout with what was held for it; an alternative whose goods went to somebody else is none any more."""
    if not taken:
        return checkout
    offerings = (replace(one, offers=tuple(_held(checkout, one, taken))) for one in checkout.offerings)
    return replace(checkout, offerings=tuple(one for one in offerings if one.offers))


def _held(checkout: Checkout, offering: Offering, taken: Mapping[str, Taken]) -> Iterable[Offer]:
    for offer in offering.offers:
        key = _key(checkout, offering, offer)
        sources = tuple(one for one in taken.get(key, ()) if isinstance(one, Source))
        if sources:
            yield replace(offer, key=key, sources=sources)
        elif key not in taken:
            yield offer


def with_prices(checkout: Checkout, market: Market, plan: Plan) -> Checkout:
    """The checkout whose alternatives say what it would come to with each, and what happens by itself."""
    return replace(checkout, offerings=tuple(_priced(checkout, one, market, plan) for one in checkout.offerings))


def _priced(checkout: Checkout, offering: Offering, market: Market, plan: Plan) -> Offering:
    offers = tuple(
        replace(offer, price_minor=_price(checkout, offering.line, offer, market, plan)) for offer in offering.offers
    )
    wished = plan.stock.default_when_unavailable.value
    return replace(offering, offers=offers, default=wished if any(o.id == wished for o in offers) else WAIT)


def _price(checkout: Checkout, line: int, offer: Offer, market: Market, plan: Plan) -> int:
    wishes = with_line(checkout, line, offer.instead)
    return priced(replace(checkout, wishes=wishes), market, plan).totals.total


def with_line(checkout: Checkout, line: int, wish: LineWish | None) -> Wishes:
    """What is wished with another line in place of one, or without it; delivered as it was chosen before.

    The id of a delivery plan follows from its parcels, so that another cart has others: its service and its number of
    deliveries say which is meant.
    """
    wishes, chosen = checkout.wishes, checkout.chosen
    lines = (*wishes.lines[:line], *([wish] if wish else []), *wishes.lines[line + 1 :])
    if wishes.delivery is None or chosen is None:
        return replace(wishes, lines=lines)
    return replace(
        wishes, lines=lines, delivery=None, service=chosen.parcels[0].service, deliveries_max=chosen.deliveries
    )


def own(checkout: Checkout, at: datetime) -> tuple[Source, ...]:
    """What is held for this shopper: for the cart, for what they are offered and for what they chose."""
    offered = (source for one in checkout.offerings if one.deadline > at for o in one.offers for source in o.sources)
    return (*checkout.held, *offered, *(source for kept in checkout.kept if kept.until > at for source in kept.sources))


def live_keys(checkout: Checkout, at: datetime) -> set[str]:
    """The names of what is held for what they are offered and for what they chose, and counts for them."""
    offered = {o.key for one in checkout.offerings if one.deadline > at for o in one.offers if o.key}
    return offered | {kept.key for kept in checkout.kept if kept.until > at}


def without(checkout: Checkout, gone: Collection[str]) -> Checkout:
    """The checkout without alternatives and goods whose reservations, by their names, are none any more."""
    if not gone:
        return checkout
    offerings = (replace(one, offers=tuple(o for o in one.offers if o.key not in gone)) for one in checkout.offerings)
    return replace(
        checkout,
        offerings=tuple(one for one in offerings if one.offers),
        kept=tuple(one for one in checkout.kept if one.key not in gone),
    )


def is_offer(key: str) -> bool:
    """Whether a reservation is of an alternative, and not of an order."""
    return key.startswith(f"{_PREFIX}_")


def keys_of(checkout: Checkout) -> set[str]:
    """The names of everything that is held for this shopper."""
    return {o.key for one in checkout.offerings for o in one.offers if o.key} | {kept.key for kept in checkout.kept}


def chosen(checkout: Checkout, offering: Offering, option: str, closed: Closed, plan: Plan) -> Checkout:
    """The checkout with an alternative in place of the line: its goods are kept, nothing is offered for it any more."""
    rest = tuple(one for one in checkout.offerings if one.number != offering.number)
    left = replace(checkout, closed=with_closed(checkout, closed))
    if option == WAIT:
        return replace(left, offerings=rest, waiting=(*left.waiting, offering.wish))
    offer = next(one for one in offering.offers if one.id == option)
    moved = rest if offer.instead else tuple(_moved_up(one, offering.line) for one in rest)
    wishes = with_line(checkout, offering.line, offer.instead)
    return replace(left, wishes=wishes, offerings=moved, kept=(*checkout.kept, *_kept(offering, offer, plan)))


def _moved_up(offering: Offering, removed: int) -> Offering:
    return replace(offering, line=offering.line - 1) if offering.line > removed else offering


def _kept(offering: Offering, offer: Offer, plan: Plan) -> tuple[Kept, ...]:
    return (Kept(offer.key, offer.sources, _kept_until(offering, plan)),) if offer.key else ()


def taken_back(checkout: Checkout, found: Sequence[Lack], at: datetime, plan: Plan) -> Checkout:
    """The checkout without what is offered or kept for lines that are not so any more.

    What was offered and was then wished for in another way is kept, as if it had been chosen.
    """
    stay = tuple(one for one in checkout.offerings if is_open(one, found, at))
    gone = [one for one in checkout.offerings if one not in stay]
    if not gone and not checkout.kept:
        return checkout
    lines, covered = checkout.wishes.lines, {one.line for one in stay}
    wished = [(one, offer) for one in gone for offer in one.offers if offer.instead in lines]
    kept = (*checkout.kept, *(keep for one, offer in wished for keep in _kept(one, offer, plan)))
    skus = {wish.sku for wish in lines} - {lack.wish.sku for lack in found if lack.line not in covered}
    return replace(
        checkout,
        offerings=stay,
        kept=tuple(one for one in kept if one.until > at and {source.sku for source in one.sources} <= skus),
        closed=(*checkout.closed, *(_gone(one, found) for one in gone))[-CLOSED_MAX:],
    )


def _gone(offering: Offering, found: Iterable[Lack]) -> Closed:
    event = "supersede" if any(lack.line == offering.line for lack in found) else "withdraw"
    return Closed(question_id(offering), QUESTION.next(QuestionState.ASKED, event))


def question_id(offering: Offering) -> str:
    """The name of the question that an offering asks."""
    return f"choose_alternative-{offering.number}"


def with_closed(checkout: Checkout, closed: Closed) -> tuple[Closed, ...]:
    """The latest questions that are closed, with another."""
    return (*checkout.closed, closed)[-CLOSED_MAX:]
