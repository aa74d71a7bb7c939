"""Changing an order until it is packed: what is wished, what that comes to, and the agreement to it. Customers do it by
their link, staff for them from the console.
"""

from dataclasses import dataclass
from typing import Any

from msgspec import Struct, structs

from doorstep.access.model.actor import Actor
from doorstep.access.model.audit import Change, entry
from doorstep.desk.model import small
from doorstep.journey.overview.story import Records, Story
from doorstep.journey.placement.model.amending.records import ChangeRequest, ChangeState, ChangeWish, OrderChange
from doorstep.journey.standing import changeable_until, is_changeable
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.kernel.ids import OrderId, child, new_id
from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx
from doorstep.web.labels import marked
from doorstep.web.language import Language
from doorstep.web.pages.forms import Raw, first
from doorstep.web.pages.links import customer_of, order_of
from doorstep.web.pages.order_parts import address_of as lines_of
from doorstep.web.pages.page import Moved, Shown, Visit, done, warned
from doorstep.web.pages.shop.fields import absurd, address_fields, address_of, countries, country_field
from doorstep.web.pages.timeline import units_of
from doorstep.web.pages.wrongs import changed_wrong, fields_wrong

_STAFF = "/console/"
_ABSURD = Refused("bad_field", "Please look at what is marked.")


class _Undone(Exception):
    """A change that is undone on purpose."""

    def __init__(self, change: OrderChange) -> None:
        super().__init__("undone on purpose")
        self.change = change


class AgreedForm(Struct, frozen=True):
    """The difference that was seen and agreed to."""

    agreed: int


@dataclass(frozen=True)
class _At:
    """Where a change is asked for: the order, who asks, and the page of the order to which it goes back."""

    order_id: OrderId
    actor: Actor
    back: str
    is_staff: bool


async def ask(visit: Visit) -> Shown | Moved:
    """The form, with the order as it is."""
    return await _form(visit, {}, 200)


async def ask_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """The form with what was written, and with what is wrong."""
    wrong = absurd(visit.sent, visit.language) or fields_wrong(error, visit.language)
    return await _form(visit, wrong or {"": changed_wrong(error, visit.language)}, error.status)


async def preview(visit: Visit) -> Shown | Moved:
    """What the change comes to. It is made as it would be, and undone before anything is kept."""
    at, (story, records) = await _at(visit), await _read(visit)
    change = await _draft(visit, at, _wish(visit, story))
    fill = {
        **_shown(visit, at, (story, records), {}),
        "change": change,
        "kept": units_of(change.kept, change.order, visit.language),
        "address": lines_of(change.order),
        "sentence": _sentence(change, visit.language),
        "hidden": [(name, first(visit.sent, name)) for name in visit.sent if name not in ("csrf", "once", "agreed")],
        "once": new_id("once"),
        "wrong": "",
    }
    return Shown("change_preview.html", fill)


async def make(visit: Visit) -> Moved:
    """Make the change as it was agreed to, once however often the form is sent."""
    at, (story, _) = await _at(visit), await _read(visit)
    async with visit.given.database.begin(Priority.REQUEST) as tx:
        change = await _request(tx, visit, at, (_wish(visit, story), visit.form.agreed))
        after = small(what=", ".join(change.what), difference_minor=change.money.difference_minor, state=change.state)
        told = Change(before=small(change=change.id), after=after)
        await visit.given.people.access.record(
            tx, [entry(at.actor, "order.change", ("order", at.order_id), visit.now, told)]
        )
    say = visit.language
    if change.state is ChangeState.REQUESTED:
        amount = say.money(change.money.pay_minor, change.order.currency)
        return Moved(at.back, done(say("The order is changed as soon as {amount} more is paid.", amount=amount)))
    return Moved(at.back, done(say("The order is changed.")))


async def make_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """Where it was not what was agreed to any more, what it comes to now; else the form."""
    if error.code != "difference_changed":
        return await ask_again(visit, error)
    shown = await preview(visit)
    if isinstance(shown, Shown):
        wrong = {"wrong": changed_wrong(error, visit.language)}
        return Shown(shown.template, {**shown.fill, **wrong}, error.status)
    return shown


async def _draft(visit: Visit, at: _At, wish: ChangeWish) -> OrderChange:
    try:
        async with visit.given.database.begin(Priority.REQUEST) as tx:
            _undo(await _request(tx, visit, at, (wish, None)))
    except _Undone as undone:
        return undone.change
    raise AssertionError("a draft is always undone")


def _undo(change: OrderChange) -> None:
    raise _Undone(change)


async def _request(tx: Tx, visit: Visit, at: _At, wished: tuple[ChangeWish, int | None]) -> OrderChange:
    wish, agreed = wished
    key = visit.once.partition("_")[2] or new_id("x").partition("_")[2]
    if not (key.isascii() and key.isalnum()):
        raise Refused("bad_key", "This form cannot be read. Please open it again.")
    request = ChangeRequest(
        order_id=at.order_id,
        change_id=child("chg", at.order_id, key[:40]),
        at=visit.now,
        wish=wish,
        agreed_minor=agreed,
    )
    (answer,) = await visit.given.desk.crew.stages.changes.request(tx, [request])
    if isinstance(answer, DoorstepError):
        raise answer
    return answer


async def _form(visit: Visit, wrong: dict[str, str], status: int) -> Shown | Moved:
    at, (story, records) = await _at(visit), await _read(visit)
    if not is_changeable(story.standing, visit.now) or story.standing.change:
        return Moved(at.back, warned(visit.language("This order cannot be changed now.")))
    return Shown("change.html", _shown(visit, at, (story, records), wrong), status)


def _shown(visit: Visit, at: _At, found: tuple[Story, Records], wrong: dict[str, str]) -> dict[str, Any]:
    story, plan = found[0], found[1].plan
    say, sent, order = visit.language, visit.sent, story.order
    values = {name: first(sent, f"address.{name}") for name in structs.asdict(order.address)} if sent else {}
    values = values or structs.asdict(order.address)
    services = [(one.id, one.name) for one in plan.shipping.services]
    most = [(str(count), say.number(count)) for count in range(1, plan.placement.deliveries_max + 1)]
    return {
        "order": order,
        "number": order.number,
        "back": at.back,
        "change_path": f"{at.back}/change",
        "is_staff": at.is_staff,
        "until": changeable_until(story.standing),
        "country": country_field("address", values, wrong, countries(plan, say), say("Country")),
        "fields": address_fields("address", values, wrong, say),
        "lines": [_line(story, position, count, sent) for position, count in story.standing.units.kept()],
        "services": services if len(services) > 1 else [],
        "service": first(sent, "service") or order.service,
        "deliveries": most if len(most) > 1 else [],
        "deliveries_max": first(sent, "deliveries") or str(order.deliveries_max),
        "wrong": wrong,
    }


def _line(story: Story, position: int, count: int, sent: Raw) -> dict[str, object]:
    line = story.order.line(position)
    return {
        "name": f"units.{position}",
        "description": line.description,
        "price": line.unit_price_minor,
        "quantity": first(sent, f"units.{position}") or count,
    }


def _wish(visit: Visit, story: Story) -> ChangeWish:
    """What the form says that is not so already. Refused when a field holds what none can."""
    sent, order = visit.sent, story.order
    if absurd(sent, visit.language):
        raise _ABSURD
    to = address_of(sent, "address")
    kept = {name: getattr(order.address, name) for name in ("phone", "instructions", "access_code")}
    address = structs.replace(to, **kept)
    service, deliveries = first(sent, "service"), first(sent, "deliveries")
    return ChangeWish(
        address=address if "address.country" in sent and address != order.address else None,
        units=tuple(
            (position, wanted)
            for position, count in story.standing.units.kept()
            if (wanted := _number(sent, f"units.{position}", count)) != count
        ),
        service=service if service and service != order.service else None,
        deliveries_max=_number(sent, "deliveries", order.deliveries_max) if deliveries else None,
    )


def _number(sent: Raw, name: str, otherwise: int) -> int:
    text = first(sent, name).strip()
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise Refused("bad_quantity", "A quantity is a whole number.", {name: "Not a number."})
    return int(text)


def _sentence(change: OrderChange, say: Language) -> str:
    """What becomes of the money."""
    money, currency = change.money, change.order.currency
    if money.pay_minor:
        return say(_PAY, amount=say.money(money.pay_minor, currency))
    if money.back_minor:
        return say(_BACK, amount=say.money(money.back_minor, currency))
    if money.difference_minor < 0:
        return say(_LESS, amount=say.money(-money.difference_minor, currency))
    return say(_SAME) if not money.difference_minor else say(_COVERED)


_PAY = marked("This costs {amount} more. It is paid in the same way as the order was.")
_BACK = marked("{amount} is paid back.")
_LESS = marked("{amount} less is taken for the order.")
_SAME = marked("The price stays the same.")
_COVERED = marked("Nothing more is to be paid: what was set aside for the order is enough.")


async def _at(visit: Visit) -> _At:
    if visit.path.startswith(_STAFF):
        story, _ = await _read(visit)
        return _At(story.order.id, visit.actor, f"/console/orders/{story.order.number}", is_staff=True)
    order_id = await order_of(visit)
    return _At(order_id, customer_of(order_id), f"/order/{visit.name}", is_staff=False)


async def _read(visit: Visit) -> tuple[Story, Records]:
    name = visit.name if visit.path.startswith(_STAFF) else await order_of(visit)
    async with visit.given.database.read() as tx:
        story = await visit.given.overview.story(tx, name)
        return story, await visit.given.overview.records(tx, story)
