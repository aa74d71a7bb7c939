"""Which fact tells the customer what: the texts of all notices, in one table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from babel.dates import format_date
from babel.numbers import format_currency
from msgspec import Struct

from doorstep.access.flow.order_pages import OrderPages
from doorstep.jobs.model import Called, NewJob, Task
from doorstep.jobs.queue import Queue
from doorstep.journey import facts as f
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.order import Address, Order
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId
from doorstep.kernel.money import exponent
from doorstep.messages.flow import Messages, SendCall, Wish, with_link
from doorstep.messages.model import NO_LINK, Notice, Stored
from doorstep.plan.records import Plan
from doorstep.plug.notification import SendOutcome
from doorstep.storage.transaction import Tx

TELL = "messages.tell"
TELL_AGAIN = "messages.tell_again"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(f.ANY_FACT).decode


class Said(Struct, frozen=True):
    """A subject and what is said, in one language."""

    subject: str
    body: str


class Text(Struct, frozen=True):
    """A notice in each language; `{…}` are filled in from the order and the fact."""

    name: str
    said: Mapping[str, Said]
    fill: Callable[[Order, Any], Mapping[str, str]]


class Retry(Struct, frozen=True):
    """A notice that was surely not sent, to be tried again: its fact as JSON text, and which try this is."""

    fact: str
    this_try: int


def money(minor: int, order: Order) -> str:
    """An amount as the customer's locale writes it."""
    return _format_currency(minor, order.currency, order.locale)


@lru_cache(maxsize=4096)
def _format_currency(minor: int, currency: str, locale: str) -> str:
    amount = Decimal(minor).scaleb(-exponent(currency))
    return format_currency(amount, currency, locale=locale.replace("-", "_"))


def _confirmed(order: Order, _fact: f.OrderConfirmed) -> Mapping[str, str]:
    lines = "\n".join(f"{one.quantity} × {one.description}: {money(one.total_minor, order)}" for one in order.lines)
    return {"lines": lines, "delivery": money(order.delivery_minor, order), "total": money(order.total_minor, order)}


def _changed(order: Order, fact: f.OrderChanged) -> Mapping[str, str]:
    kept = [(order.line(position), count) for position, count in fact.kept]
    lines = "\n".join(f"{count} × {one.description}: {money(one.value(0, count), order)}" for one, count in kept)
    return {
        "lines": lines,
        "delivery": money(order.delivery_minor, order),
        "total": money(fact.total, order),
        "address": _place(order.address),
    }


def _place(to: Address) -> str:
    city = f"{to.postcode} {to.city}".strip()
    return "\n".join(part for part in (to.name, to.company, to.street, city, to.region, to.country) if part)


def _on_its_way(_order: Order, fact: f.ParcelHandedOver) -> Mapping[str, str]:
    return {"tracking": fact.tracking_number}


def _nothing(_order: Order, _fact: f.Fact) -> Mapping[str, str]:
    return {}


def _reason(_order: Order, fact: f.OrderRejected | f.OrderChangeCanceled) -> Mapping[str, str]:
    return {"reason": fact.reason}


def _deadline(order: Order, fact: f.QuestionAsked) -> Mapping[str, str]:
    return {"deadline": format_date(fact.deadline, locale=order.locale.replace("-", "_"))}


def _refunded(order: Order, fact: f.PaymentRefunded) -> Mapping[str, str]:
    return {"amount": money(fact.amount, order)}


TEXTS: Mapping[type[f.Fact], Text] = {
    f.OrderConfirmed: Text(
        "order_confirmed",
        {
            "en": Said(
                "Your order {number} is confirmed",
                "thank you for your order {number}.\n\n{lines}\nDelivery: {delivery}\nTotal: {total}",
            ),
            "de": Said(
                "Ihre Bestellung {number} ist bestätigt",
                "vielen Dank für Ihre Bestellung {number}.\n\n{lines}\nLieferung: {delivery}\nSumme: {total}",
            ),
        },
        _confirmed,
    ),
    f.OrderChanged: Text(
        "order_changed",
        {
            "en": Said(
                "Your order {number} is changed",
                "your order {number} is changed as you wished. This is what we send now:\n\n{lines}\n"
                "Delivery: {delivery}\nTotal: {total}\n\nIt goes to:\n{address}",
            ),
            "de": Said(
                "Ihre Bestellung {number} ist geändert",
                "Ihre Bestellung {number} ist geändert, wie Sie es wünschten. Das senden wir jetzt:\n\n{lines}\n"
                "Lieferung: {delivery}\nSumme: {total}\n\nEs geht an:\n{address}",
            ),
        },
        _changed,
    ),
    f.OrderChangeCanceled: Text(
        "change_not_made",
        {
            "en": Said(
                "Your order {number} stays as it was",
                "the change of your order {number} was not made ({reason}). Your order stays as it was, and nothing "
                "more is charged.",
            ),
            "de": Said(
                "Ihre Bestellung {number} bleibt, wie sie war",
                "Ihre Bestellung {number} wurde nicht geändert ({reason}). Sie bleibt, wie sie war, und es wird nichts "
                "weiter abgebucht.",
            ),
        },
        _reason,
    ),
    f.ParcelHandedOver: Text(
        "parcel_on_its_way",
        {
            "en": Said(
                "Your order {number} is on its way",
                "a parcel of your order {number} is on its way. Its tracking number is {tracking}.",
            ),
            "de": Said(
                "Ihre Bestellung {number} ist unterwegs",
                "ein Paket Ihrer Bestellung {number} ist unterwegs. Die Sendungsnummer ist {tracking}.",
            ),
        },
        _on_its_way,
    ),
    f.ParcelDelivered: Text(
        "parcel_delivered",
        {
            "en": Said(
                "Your order {number} was delivered",
                "a parcel of your order {number} was delivered. We hope that you like it.",
            ),
            "de": Said(
                "Ihre Bestellung {number} wurde zugestellt",
                "ein Paket Ihrer Bestellung {number} wurde zugestellt. Wir hoffen, dass es Ihnen gefällt.",
            ),
        },
        _nothing,
    ),
    f.OrderRejected: Text(
        "order_refused",
        {
            "en": Said(
                "We could not accept your order {number}",
                "we are sorry: we could not accept your order {number} ({reason}). You were not charged; an amount "
                "that was set aside is given back.",
            ),
            "de": Said(
                "Wir konnten Ihre Bestellung {number} nicht annehmen",
                "leider konnten wir Ihre Bestellung {number} nicht annehmen ({reason}). Es wurde nichts abgebucht; ein "
                "vorgemerkter Betrag wird wieder freigegeben.",
            ),
        },
        _reason,
    ),
    f.QuestionAsked: Text(
        "question",
        {
            "en": Said(
                "A question about your order {number}",
                "a parcel of your order {number} was lost on its way. We can give your money back, or you can wait for "
                "it to be found. Please tell us by {deadline}; otherwise we give your money back.",
            ),
            "de": Said(
                "Eine Frage zu Ihrer Bestellung {number}",
                "ein Paket Ihrer Bestellung {number} ist unterwegs verloren gegangen. Wir können Ihnen das Geld "
                "zurückgeben, oder Sie warten, bis es gefunden wird. Bitte sagen Sie es uns bis {deadline}; sonst "
                "geben wir Ihnen das Geld zurück.",
            ),
        },
        _deadline,
    ),
    f.PaymentRefunded: Text(
        "refunded",
        {
            "en": Said("Your refund for order {number}", "we have refunded {amount} for your order {number}."),
            "de": Said(
                "Ihre Erstattung zur Bestellung {number}",
                "wir haben Ihnen {amount} für Ihre Bestellung {number} erstattet.",
            ),
        },
        _refunded,
    ),
}
_FRAMES: Mapping[str, tuple[str, str, str]] = {
    "en": ("Hello {name},", "Everything about your order: {link}", "{store}"),
    "de": ("Guten Tag {name},", "Alles zu Ihrer Bestellung: {link}", "{store}"),
}
"""How every notice begins and ends in each language; the line with the link is left out where there is none."""


def language_of(order: Order, plan: Plan) -> str:
    """The language in which a customer is written to: their own if the store speaks it, else the store's first."""
    asked = order.locale.partition("-")[0].lower()
    spoken = [tag.partition("-")[0].lower() for tag in plan.store.languages]
    return next((one for one in (asked, *spoken) if one in spoken and one in _FRAMES), "en")


def notice(fact: f.Fact, order: Order, plan: Plan, *, has_page: bool = False) -> Notice | None:
    """What a fact tells the customer, under the key (fact, recipient, channel); None when the plan does not tell it.

    With a page of their own there is a line for its link, which is not kept.
    """
    text = TEXTS[type(fact)]
    if text.name not in plan.confirmation.notices:
        return None
    language = language_of(order, plan)
    filled = {"number": order.number, "name": order.buyer.name or order.buyer.email, "store": plan.store.name}
    filled |= {"link": NO_LINK, **text.fill(order, fact)}
    hello, page, goodbye = _FRAMES[language]
    parts = (hello, text.said[language].body, *((page,) if has_page else ()), goodbye)
    channel, recipient = plan.confirmation.channel, order.buyer.email
    return Notice(
        key=f"{order.id}:{fact.kind}:{fact.cause}:{channel}:{recipient}",
        order_id=order.id,
        channel=channel,
        provider=plan.confirmation.provider,
        recipient=recipient,
        subject=text.said[language].subject.format_map(filled),
        text="\n\n".join(part.format_map(filled) for part in parts),
        order_number=order.number,
    )


class SendAgain(Struct, frozen=True):
    """A person has a notice sent once more of which nobody knows whether it went."""

    order_id: OrderId
    notice: str
    at: datetime


class Notices:
    """Tells customers what facts say they should know."""

    def __init__(self, ledger: Ledger, messages: Messages, queue: Queue, pages: OrderPages) -> None:
        self._ledger = ledger
        self._messages = messages
        self._queue = queue
        self._pages = pages

    async def open(self, tx: Tx, tasks: Sequence[Task[f.Fact]]) -> list[SendCall | None]:
        """Record what is to be told."""
        return await self._open(tx, [(task, task.body, 0) for task in tasks])

    async def open_again(self, tx: Tx, tasks: Sequence[Task[Retry]]) -> list[SendCall | None]:
        """Record what is to be told once more because it was surely not sent."""
        return await self._open(tx, [(task, _decode(task.body.fact), task.body.this_try) for task in tasks])

    async def settle(self, tx: Tx, ended: Sequence[Called[f.Fact, SendCall, SendOutcome]]) -> None:
        """Judge the answers; what was surely not sent is tried again later."""
        await self._settle(tx, [(one, one.task.body, 0) for one in ended])

    async def settle_again(self, tx: Tx, ended: Sequence[Called[Retry, SendCall, SendOutcome]]) -> None:
        """Judge the answers to further tries."""
        await self._settle(tx, [(one, _decode(one.task.body.fact), one.task.body.this_try) for one in ended])

    async def send_again(self, tx: Tx, requests: Sequence[SendAgain]) -> list[Stored | DoorstepError]:
        """Send notices once more, as people decided; answers each, or why it is not sent."""
        again = await self._messages.send_again(tx, [(one.order_id, one.notice) for one in requests])
        facts = await self._facts(tx, [one for one in again if isinstance(one, Stored)])
        jobs = [
            _retry(one.notice.key, facts[one.notice.key], one.tries, to_ms(request.at))
            for request, one in zip(requests, again, strict=True)
            if isinstance(one, Stored)
        ]
        await self._queue.enqueue(tx, jobs)
        return again

    async def _facts(self, tx: Tx, told: Sequence[Stored]) -> dict[str, f.Fact]:
        """The facts of which notices tell, by the notices' keys."""
        named = {one.notice.key: _named_by(one.notice) for one in told}
        found = await self._ledger.told(tx, named.values())
        return {key: found[name] for key, name in named.items()}

    async def _open(self, tx: Tx, wanted: Sequence[tuple[Task[Any], f.Fact, int]]) -> list[SendCall | None]:
        orders = await self._ledger.orders(tx, [fact.order_id for _, fact, _ in wanted])
        links = await self._pages.links(tx, [(fact.order_id, fact.at) for _, fact, _ in wanted])
        wishes: dict[str, Wish] = {}
        for (task, fact, this_try), link in zip(wanted, links, strict=True):
            order = orders[fact.order_id]
            if told := notice(fact, order, self._ledger.plans[order.plan_version], has_page=bool(link)):
                wishes[task.key] = Wish(told, task.at, this_try)
        calls = dict(zip(wishes, await self._messages.open(tx, list(wishes.values())), strict=True))
        return [with_link(calls.get(task.key), link) for (task, _, _), link in zip(wanted, links, strict=True)]

    async def _settle(self, tx: Tx, ended: Sequence[tuple[Called[Any, SendCall, SendOutcome], f.Fact, int]]) -> None:
        again = await self._messages.settle(tx, [(one.call.message.key, one.outcome) for one, _, _ in ended])
        jobs = [
            _retry(one.call.message.key, fact, this_try + 1, to_ms(one.task.at + wait))
            for one, fact, this_try in ended
            if (wait := again.get(one.call.message.key)) is not None
        ]
        await self._queue.enqueue(tx, jobs)


def _named_by(notice: Notice) -> tuple[str, str, str]:
    """The natural key of the fact that a notice tells of: order, kind, cause."""
    rest = notice.key.removeprefix(f"{notice.order_id}:").removesuffix(f":{notice.channel}:{notice.recipient}")
    kind, _, cause = rest.partition(":")
    return notice.order_id, kind, cause


def _retry(key: str, fact: f.Fact, this_try: int, due_ms: int) -> NewJob:
    body = _encode(Retry(_encode(fact).decode(), this_try)).decode()
    return NewJob(TELL_AGAIN, f"{TELL_AGAIN}:{key}:{this_try}", body, due_ms, fact.order_id)
