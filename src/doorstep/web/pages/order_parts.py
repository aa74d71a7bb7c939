"""What the page of an order shows of its story and its records, written as people read it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from doorstep.journey.addresses.lines import formatted
from doorstep.journey.order import Order
from doorstep.journey.overview.story import Records, Story, due_of
from doorstep.journey.overview.why import WHY_TEXTS, Why, whys
from doorstep.journey.units import LineUnits
from doorstep.kernel.ids import new_id
from doorstep.plan.records import Plan
from doorstep.web.language import Language
from doorstep.web.pages.timeline import Told, story_of, units_of, weight_of

_OTHERS = ("canceled", "lost", "return_requested", "returned", "restocked", "written_off", "sent_back")
_AMOUNTS = frozenset({"total", "limit", "goods", "delivery", "amount"})
_PATH = ("allocated", "picked", "packed", "shipped", "delivered")


class Reason(Struct, frozen=True):
    """Why something was decided: in words, and the setting of the plan that would have changed it."""

    text: str
    setting: str
    value: str


class Line(Struct, frozen=True):
    """A line, and how far its units are: what is furthest of each, so that nothing is counted twice."""

    sku: str
    description: str
    price: int
    ordered: int
    total: int
    counts: tuple[tuple[str, int], ...]


class Parcel(Struct, frozen=True, kw_only=True):
    """A parcel with what its carrier saw."""

    title: str
    state: str
    units: str
    location: str
    tracking_number: str
    carrier: str
    weight: str
    cost: int
    events: tuple[tuple[str, datetime], ...]


def parts_of(story: Story, records: Records, language: Language) -> Mapping[str, Any]:
    """All parts of the page but what can be done."""
    order, standing = story.order, story.standing
    service = records.plan.service(order.service)
    return {
        "order": order,
        "stage": standing.stage.value,
        "payment": standing.balance.state,
        "due_at": story.deadline,
        "owner": story.owner,
        "seq": standing.seq,
        "once": new_id("once"),
        "trouble": [went_wrong(*said.partition(": ")[::2], language) for said in standing.trouble],
        "lines": list(_lines(order, standing.units.lines)),
        "units_total": sum(line.quantity for line in order.lines),
        "works": _works(story, records, language),
        "parcels": list(_parcels(story, records, language)),
        "returns": records.returns,
        "cases": [(one, went_wrong(one.subject, one.reason, language)) for one in records.cases],
        "questions": records.questions,
        "story": _story(story, records, language),
        "address": address_of(order),
        "service": service.name if service else order.service,
        "money": _money(story, language),
        "payments": records.payments,
        "calls": records.calls,
        "notes": records.notes,
        "notices": story.notices,
        "jobs": records.jobs,
        "units": lambda units: units_of(units, order, language),
    }


def went_wrong(subject: str, reason: str, language: Language) -> str:
    """What a trouble is in words. Its subject is a parcel, or the key of a call that was to move money."""
    act, is_call, _ = subject.partition(":")
    return f"{language.label(act)}: {reason}" if is_call else language("Parcel: {reason}", reason=reason)


def place_of(location: str, plan: Plan) -> str:
    """What a location is called."""
    return next((place.name for place in plan.locations if place.id == location), location)


def address_of(order: Order) -> tuple[str, ...]:
    """The address in the lines in which its country writes it."""
    return formatted(order.address, order.buyer.name)


def _lines(order: Order, counts: Iterable[LineUnits]) -> Iterable[Line]:
    for line, units in zip(order.lines, counts, strict=True):
        yield Line(
            line.sku, line.description, line.unit_price_minor, line.quantity, line.total_minor, tuple(_how_far(units))
        )


def _how_far(units: LineUnits) -> Iterable[tuple[str, int]]:
    """Where the units are: of the way to the doorstep each unit's last step only, of the rest all that is not zero."""
    known = asdict(units)
    for step, after in zip(_PATH, (*_PATH[1:], ""), strict=True):
        gone = known[after] if after else known["return_requested"]
        if step == "shipped":
            gone += known["lost"]
        if known[step] > gone:
            yield step, known[step] - gone
    for name in _OTHERS:
        if known[name]:
            yield name, known[name]


def _works(story: Story, records: Records, language: Language) -> list[Mapping[str, str]]:
    promises = story.standing.units.promises
    said = {
        promise_id: units_of((*promise.to_pick, *promise.picked), story.order, language)
        for promise_id, promise in promises.items()
    }
    known = {one.id: one.state.value for one in records.fulfillments}
    return [
        {
            "id": key,
            "location": place_of(promise.location, records.plan),
            "state": known.get(key, "waiting"),
            "units": said[key],
        }
        for key, promise in promises.items()
    ]


def _parcels(story: Story, records: Records, language: Language) -> Iterable[Parcel]:
    shipments = {one.parcel_id: one for one in records.shipments}
    for number, (parcel_id, parcel) in enumerate(story.standing.units.parcels.items(), 1):
        shipment = shipments.get(parcel_id)
        yield Parcel(
            title=language("Parcel {number}", number=number),
            state=parcel.progress,
            units=units_of(parcel.units, story.order, language),
            location=place_of(parcel.location, records.plan),
            tracking_number=shipment.tracking_number if shipment else "",
            carrier=shipment.carrier if shipment else "",
            weight=weight_of(shipment.weight_grams, language) if shipment else "",
            cost=shipment.cost_minor if shipment else 0,
            events=tuple(
                (language.label(one.status) + (f", {one.place}" if one.place else ""), one.at)
                for one in records.tracking
                if one.parcel_id == parcel_id
            ),
        )


def _money(story: Story, language: Language) -> list[tuple[str, int, str]]:
    """The order's money, line by line; what did not happen is left out but for what matters always."""
    order, balance = story.order, story.standing.balance
    goods = sum(line.total_minor + line.discount_minor for line in order.lines)
    always = [
        (language("Goods"), goods, ""),
        *((name, minor, "") for name, minor in carried(order, language)),
        (language("Total"), order.total_minor, "strong"),
        (language("Authorized"), balance.authorized, ""),
        (language("Captured"), balance.captured, ""),
    ]
    perhaps = [
        (language("Given back of the authorization"), balance.voided, ""),
        (language("Refunds granted"), balance.granted, ""),
        (language("Refunded"), balance.refunded, ""),
    ]
    due = [(language("Still due"), due_of(order, story.standing), "strong")]
    return [*always, *(one for one in perhaps if one[1]), *due]


def carried(order: Order, language: Language) -> list[tuple[str, int]]:
    """What is added to the goods as they cost without codes: what each code takes off, and the delivery."""
    saved = [(language("Discount code {code}", code=one.code), -one.minor) for one in order.discounts if one.minor]
    free = sum(one.delivery_minor for one in order.discounts)
    return [*saved, (language("Delivery"), order.delivery_minor + free)]


def _story(story: Story, records: Records, language: Language) -> list[tuple[Told, list[Reason]]]:
    """The timeline, newest first, each decision with why it was made."""
    why = {(fact.kind, fact.cause): reasons for fact, reasons in whys(story.order, story.facts, records.plan)}
    return [
        (told, [reason_of(one, story.order, language) for one in why.get((told.kind, told.cause), ())])
        for told in story_of(story.facts, story.order, language)
    ]


def reason_of(why: Why, order: Order, language: Language) -> Reason:
    """A reason in words."""
    values = {name: _said(name, value, order, language) for name, value in why.params}
    return Reason(language(WHY_TEXTS[why.code]).format(**values), why.setting, why.value)


def _said(name: str, value: str | int | datetime, order: Order, language: Language) -> str:
    if isinstance(value, datetime):
        return language.day_and_time(value)
    if isinstance(value, int):
        return language.money(value, order.currency) if name in _AMOUNTS else language.number(value)
    return language.label(value)
