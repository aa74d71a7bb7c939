"""The story of an order in words: each kind of fact has one sentence."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.journey.order import Counts, Order
from doorstep.web.labels import LABELS, marked
from doorstep.web.language import Language

GOOD, BAD, WARN, PLAIN = "good", "bad", "warn", ""


class Told(Struct, frozen=True):
    """A fact as the timeline shows it: when, in which tone, in words. `kind` and `cause` name the fact."""

    at: datetime
    tone: str
    text: str
    kind: str
    cause: str


TELLING: Mapping[type[f.Fact], tuple[str, str]] = {
    f.OrderPlaced: (PLAIN, marked("Order placed over {amount}, to be paid by {method}.")),
    f.OrderLapsed: (BAD, marked("The order lapsed: {reason}.")),
    f.PaymentRetried: (PLAIN, marked("The customer tries to pay {amount} again, by {method}.")),
    f.PaymentAuthorized: (GOOD, marked("{amount} authorized.")),
    f.PaymentDeclined: (BAD, marked("The payment was declined: {reason}.")),
    f.PaymentActionRequired: (WARN, marked("The customer must confirm the payment with their bank.")),
    f.PaymentVoided: (PLAIN, marked("The authorization of {amount} was given back.")),
    f.PaymentCaptured: (GOOD, marked("{amount} captured.")),
    f.RefundGranted: (PLAIN, marked("A refund of {amount} was granted: {reason}.")),
    f.PaymentRefunded: (GOOD, marked("{amount} refunded.")),
    f.MoneyCallFailed: (BAD, marked("The provider refused to {act} {amount}: {reason}.")),
    f.OrderConfirmed: (GOOD, marked("Confirmed: {promises}. To the warehouse at {release_at}.")),
    f.OrderHeld: (WARN, marked("Held for a person until {until}: {reason}.")),
    f.HoldReleased: (GOOD, marked("{actor} let the order go on.")),
    f.OrderRejected: (BAD, marked("The order was rejected: {reason}.")),
    f.FulfillmentReleased: (PLAIN, marked("Given to {location}: {units}.")),
    f.UnitsPicked: (GOOD, marked("Picked: {units}.")),
    f.UnitsShort: (BAD, marked("Not found at {location}: {units} ({reason}).")),
    f.UnitsReallocated: (PLAIN, marked("Promised from elsewhere instead: {promises}.")),
    f.ParcelPacked: (GOOD, marked("Packed at {location}: {units}, {weight}.")),
    f.LabelBought: (PLAIN, marked("Label bought: {tracking_number}. The courier comes at {collect_at}.")),
    f.LabelRefused: (BAD, marked("No label: {reason}.")),
    f.ParcelHandedOver: (GOOD, marked("Handed over to the courier: {tracking_number}.")),
    f.ParcelTracked: (PLAIN, marked("The carrier says: {status}.")),
    f.ParcelDelivered: (GOOD, marked("A parcel was delivered.")),
    f.ParcelLost: (BAD, marked("A parcel was lost: {reason}.")),
    f.UnitsCanceled: (WARN, marked("Canceled: {units} ({reason}).")),
    f.OrderChangeRequested: (PLAIN, marked("A change was asked for that costs {amount} more; it waits until {until}.")),
    f.OrderChanged: (GOOD, marked("The order was changed ({what}). To be sent: {kept}, {total} in all.")),
    f.OrderChangeCanceled: (WARN, marked("A change was not made: {reason}.")),
    f.ReturnRequested: (PLAIN, marked("The customer wants to send back {units} ({reason}).")),
    f.ReturnAuthorized: (GOOD, marked("The return is approved; {location} expects it at {expected_at}.")),
    f.ReturnDeclined: (BAD, marked("The return was declined: {reason}.")),
    f.UnitsReceived: (PLAIN, marked("Came back to {location}: {units}.")),
    f.UnitsInspected: (
        GOOD,
        marked("Inspected: {restocked} to the shelf; written off: {written_off}; refused: {rejected}."),
    ),
    f.CaseOpened: (WARN, marked("A case was opened: {reason}.")),
    f.CaseClosed: (GOOD, marked("{actor} settled the case: {resolution}.")),
    f.QuestionAsked: (PLAIN, marked("The customer was asked; without an answer by {deadline}: {default}.")),
    f.QuestionAnswered: (GOOD, marked("Answered by {by}: {answer}.")),
}
"""The tone and the sentence of each kind of fact; `{…}` are its fields, written as people read them."""


def story_of(facts: Iterable[f.Fact], order: Order, language: Language) -> list[Told]:
    """All that happened, the newest first."""
    told = [told_of(fact, order, language) for fact in facts]
    return told[::-1]


def told_of(fact: f.Fact, order: Order, language: Language) -> Told:
    """One fact in words."""
    tone, text = TELLING[type(fact)]
    values = {name: _written(name, getattr(fact, name), order, language) for name in fact.__struct_fields__}
    if isinstance(fact, f.ParcelPacked):
        values["weight"] = weight_of(fact.weight_grams, language)
    return Told(fact.at, tone, language(text).format(**values), fact.kind, fact.cause)


def units_of(units: Counts, order: Order, language: Language) -> str:
    """Units as people name them: 3 × Tea, 1 × Pot."""
    named = [f"{language.number(count)} × {order.line(position).description}" for position, count in units]
    return ", ".join(named) or language("nothing")


def weight_of(grams: int, language: Language) -> str:
    """A weight in kilograms."""
    return f"{language.number(round(grams / 1000, 3))} kg"


def _written(name: str, value: object, order: Order, language: Language) -> str:
    if isinstance(value, datetime):
        return language.short(value, order.placed_at) if name == "at" else language.day_and_time(value)
    if name in _AMOUNTS and isinstance(value, int):
        return language.money(value, order.currency)
    if write := _WRITTEN.get(name):
        return write(value, order, language)
    return language(LABELS.get(str(value), str(value)))


def _promises(promises: "tuple[f.Promise, ...]", order: Order, language: Language) -> str:
    parts = [
        language("{units} from {location}", units=units_of(one.units, order, language), location=one.location)
        for one in promises
    ]
    return "; ".join(parts)


def _parts(what: tuple[str, ...], _order: Order, language: Language) -> str:
    return ", ".join(language(LABELS.get(one, one)) for one in what)


_AMOUNTS = {"amount", "value", "capture", "goods", "total", "difference"}
_WRITTEN: Mapping[str, Callable[..., str]] = {
    "units": units_of,
    "kept": units_of,
    "what": _parts,
    "restocked": units_of,
    "written_off": units_of,
    "rejected": units_of,
    "promises": _promises,
    "released": _promises,
}
