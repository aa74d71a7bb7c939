"""Everything that can have happened to an order, on one page: the order's story.

A fact is appended once and never changed. Its natural key is (order, kind, cause), where the cause is what made it
happen (a parcel, a payment call, a request), so that the same thing told twice is one fact. A fact carries what the
next stage needs; what was agreed at the start is in the order and not repeated. Amounts are minor units of the order.
"""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from doorstep.journey.change_facts import OrderChangeCanceled as OrderChangeCanceled
from doorstep.journey.change_facts import OrderChanged as OrderChanged
from doorstep.journey.change_facts import OrderChangeRequested as OrderChangeRequested
from doorstep.journey.fact import Fact as Fact
from doorstep.journey.fact import Promise as Promise
from doorstep.journey.fact import Share as Share
from doorstep.journey.fact import promises_of as promises_of
from doorstep.journey.order import Counts


class OrderPlaced(Fact, frozen=True, kw_only=True):
    """The customer agreed, stock is held, a payment is to be authorized."""

    number: str
    payment_id: str
    amount: int
    currency: str
    method: str
    token: str = ""


class OrderLapsed(Fact, frozen=True, kw_only=True):
    """The order was not paid in time; its stock is free again, and so are its discount codes."""

    reason: str
    codes: tuple[str, ...] = ()


class PaymentRetried(Fact, frozen=True, kw_only=True):
    """After a decline the customer tries again, perhaps by another method."""

    named_by = "payment_id"
    payment_id: str
    amount: int
    currency: str
    method: str
    token: str = ""


class PaymentAuthorized(Fact, frozen=True, kw_only=True):
    """The provider guarantees the amount. `change_id` is the change of the order that it pays for, if it is one."""

    named_by = "payment_id"
    payment_id: str
    amount: int
    change_id: str = ""


class PaymentDeclined(Fact, frozen=True, kw_only=True):
    """The provider said no."""

    named_by = "payment_id"
    payment_id: str
    reason: str
    change_id: str = ""


class PaymentActionRequired(Fact, frozen=True, kw_only=True):
    """The buyer must do something at the provider, such as 3-D Secure."""

    named_by = "payment_id"
    payment_id: str
    action_url: str
    enquire_at: datetime


class PaymentVoided(Fact, frozen=True, kw_only=True):
    """An authorization that is no longer needed was given back."""

    named_by = "payment_id"
    payment_id: str
    amount: int


class PaymentCaptured(Fact, frozen=True, kw_only=True):
    """Authorized money was taken."""

    named_by = "call_key"
    call_key: str
    payment_id: str
    amount: int


class RefundGranted(Fact, frozen=True, kw_only=True):
    """It was decided to pay money back: the decision, apart from the movement. `goods` is the part paid for goods."""

    named_by = "grant_id"
    grant_id: str
    payment_id: str
    amount: int
    goods: int
    reason: str


class PaymentRefunded(Fact, frozen=True, kw_only=True):
    """Money went back to the customer."""

    named_by = "call_key"
    call_key: str
    payment_id: str
    amount: int


class MoneyCallFailed(Fact, frozen=True, kw_only=True):
    """A capture, refund or void that the provider refused. A person must look."""

    named_by = "call_key"
    call_key: str
    act: str
    amount: int
    reason: str


class OrderConfirmed(Fact, frozen=True, kw_only=True):
    """The order is accepted and its units are allocated. Fulfillment may begin at `release_at`, after the edit window.

    `capture` is what the plan has taken at this point: 0, or the total; `shares` say from which payments, where there
    is more than one.
    """

    payment_id: str
    capture: int
    promises: tuple[Promise, ...]
    release_at: datetime
    shares: tuple[Share, ...] = ()


class OrderHeld(Fact, frozen=True, kw_only=True):
    """The order waits for a person until the deadline; then it is rejected."""

    reason: str
    until: datetime


class HoldReleased(Fact, frozen=True, kw_only=True):
    """A person let a held order go on."""

    actor: str


class OrderRejected(Fact, frozen=True, kw_only=True):
    """The order will not be fulfilled; its money, stock and discount codes go back."""

    payment_id: str
    reason: str


class FulfillmentReleased(Fact, frozen=True, kw_only=True):
    """A fulfillment order was given to its location."""

    named_by = "fulfillment_id"
    fulfillment_id: str
    location: str
    units: Counts
    pick_at: datetime


class UnitsPicked(Fact, frozen=True, kw_only=True):
    """Units were taken from the shelf."""

    named_by = "pick_id"
    pick_id: str
    fulfillment_id: str
    units: Counts
    pack_at: datetime


class UnitsShort(Fact, frozen=True, kw_only=True):
    """A picker did not find units that were promised; the promise is void and is settled elsewhere."""

    named_by = "pick_id"
    pick_id: str
    fulfillment_id: str
    location: str
    units: Counts
    reason: str


class UnitsReallocated(Fact, frozen=True, kw_only=True):
    """Units that were short were promised from other locations."""

    named_by = "pick_id"
    pick_id: str
    promises: tuple[Promise, ...]
    release_at: datetime


class ParcelPacked(Fact, frozen=True, kw_only=True):
    """Units were boxed and sealed; the weight is that of the goods."""

    named_by = "parcel_id"
    parcel_id: str
    fulfillment_id: str
    location: str
    units: Counts
    weight_grams: int


class LabelBought(Fact, frozen=True, kw_only=True):
    """A label is on the parcel; the courier comes at `collect_at`."""

    named_by = "parcel_id"
    parcel_id: str
    tracking_number: str
    collect_at: datetime


class LabelRefused(Fact, frozen=True, kw_only=True):
    """The carrier sells no label for the parcel. A person must look."""

    named_by = "parcel_id"
    parcel_id: str
    reason: str


class ParcelHandedOver(Fact, frozen=True, kw_only=True):
    """The carrier has the parcel. `value` is what the customer owes for it, delivery included with the first.

    `capture` is what the plan has taken at this point: 0, or the value; `shares` say from which payments, where there
    is more than one.
    """

    named_by = "parcel_id"
    parcel_id: str
    payment_id: str
    value: int
    capture: int
    tracking_number: str
    track_at: datetime
    shares: tuple[Share, ...] = ()


class ParcelTracked(Fact, frozen=True, kw_only=True):
    """The carrier saw the parcel on its way."""

    named_by = "event_id"
    event_id: str
    parcel_id: str
    status: str


class ParcelDelivered(Fact, frozen=True, kw_only=True):
    """The parcel is on the doorstep."""

    named_by = "parcel_id"
    parcel_id: str


class ParcelLost(Fact, frozen=True, kw_only=True):
    """The carrier lost the parcel, or brings it back. A person must look."""

    named_by = "parcel_id"
    parcel_id: str
    reason: str


class UnitsCanceled(Fact, frozen=True, kw_only=True):
    """Units will not be sent. `released` are the allocations that this frees, `value` what they would have cost.

    When nothing of the order is left, its discount `codes` can be used again.
    """

    named_by = "request_id"
    request_id: str
    units: Counts
    released: tuple[Promise, ...]
    payment_id: str
    value: int
    reason: str
    codes: tuple[str, ...] = ()


class ReturnRequested(Fact, frozen=True, kw_only=True):
    """The customer wants to send units back."""

    named_by = "return_id"
    return_id: str
    units: Counts
    reason: str


class ReturnAuthorized(Fact, frozen=True, kw_only=True):
    """The return is approved; the goods are expected at the location."""

    named_by = "return_id"
    return_id: str
    location: str
    expected_at: datetime


class ReturnDeclined(Fact, frozen=True, kw_only=True):
    """The return is not accepted."""

    named_by = "return_id"
    return_id: str
    reason: str


class UnitsReceived(Fact, frozen=True, kw_only=True):
    """Goods came back to a location."""

    named_by = "return_id"
    return_id: str
    location: str
    units: Counts
    inspect_at: datetime


class UnitsInspected(Fact, frozen=True, kw_only=True):
    """Returned goods were looked at: some can be sold again, some are written off, some go back to the customer.

    `value` is what the accepted ones cost the customer; a return never pays back more.
    """

    named_by = "return_id"
    return_id: str
    location: str
    restocked: Counts
    written_off: Counts
    rejected: Counts
    payment_id: str
    value: int


class CaseOpened(Fact, frozen=True, kw_only=True):
    """Something needs a person: what it is about (a parcel, a money call), and by when."""

    named_by = "case_id"
    case_id: str
    subject: str
    reason: str
    deadline: datetime


class CaseClosed(Fact, frozen=True, kw_only=True):
    """A case is settled: by whom, and how."""

    named_by = "case_id"
    case_id: str
    subject: str
    actor: str
    resolution: str


class QuestionAsked(Fact, frozen=True, kw_only=True):
    """The customer is to choose one of the options by the deadline; else the default holds."""

    named_by = "question_id"
    question_id: str
    case_id: str
    options: tuple[str, ...]
    default: str
    deadline: datetime


class QuestionAnswered(Fact, frozen=True, kw_only=True):
    """An option was chosen, by the customer or by default. `value` is what is to be paid back because of it, or 0."""

    named_by = "question_id"
    question_id: str
    answer: str
    by: str
    payment_id: str
    value: int


ANY_FACT: Any = reduce(or_, Fact.__subclasses__())
"""Any kind of fact, as a type to decode."""
