"""The checkout, its states, and the decision that makes an order of it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.order import CodeDiscount
from doorstep.journey.placement.model.offered import Closed, Kept, Offering
from doorstep.journey.placement.model.outside import NO_ANSWERS, Answers, Outside
from doorstep.journey.placement.model.priced import CheckoutLine, DeliveryOption, DeliveryPlan, PayingOption, Totals
from doorstep.journey.placement.model.problems import Problem, Severity
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from doorstep.kernel.ids import CheckoutId, OrderId
from doorstep.kernel.states import StateTable
from doorstep.stock.model.sourcing import Source

TOTAL_CHANGED = "total_changed"


class CheckoutState(StrEnum):
    """The states of a checkout."""

    INCOMPLETE = "incomplete"
    REQUIRES_ESCALATION = "requires_escalation"
    READY = "ready_for_complete"
    IN_PROGRESS = "complete_in_progress"
    COMPLETED = "completed"
    CANCELED = "canceled"
    EXPIRED = "expired"


_S = CheckoutState
UNDECIDED = (_S.INCOMPLETE, _S.REQUIRES_ESCALATION, _S.READY)
"""The states in which the shopper may still do something."""
CHECKOUT = StateTable(
    "Checkout",
    start=_S.INCOMPLETE,
    ends=(_S.COMPLETED, _S.CANCELED, _S.EXPIRED),
    rows=(
        (_S.INCOMPLETE, "found_incomplete", _S.INCOMPLETE),
        (_S.INCOMPLETE, "found_ready", _S.READY),
        (_S.INCOMPLETE, "found_in_need_of_a_person", _S.REQUIRES_ESCALATION),
        (_S.REQUIRES_ESCALATION, "found_in_need_of_a_person", _S.REQUIRES_ESCALATION),
        (_S.REQUIRES_ESCALATION, "found_incomplete", _S.INCOMPLETE),
        (_S.REQUIRES_ESCALATION, "found_ready", _S.READY),
        (_S.READY, "found_ready", _S.READY),
        (_S.READY, "found_incomplete", _S.INCOMPLETE),
        (_S.READY, "found_in_need_of_a_person", _S.REQUIRES_ESCALATION),
        (_S.READY, "complete", _S.IN_PROGRESS),
        (_S.IN_PROGRESS, "authorized", _S.COMPLETED),
        (_S.IN_PROGRESS, "declined", _S.READY),
        (_S.IN_PROGRESS, "lapsed", _S.EXPIRED),
        (_S.INCOMPLETE, "cancel", _S.CANCELED),
        (_S.REQUIRES_ESCALATION, "cancel", _S.CANCELED),
        (_S.READY, "cancel", _S.CANCELED),
        (_S.INCOMPLETE, "lapsed", _S.EXPIRED),
        (_S.REQUIRES_ESCALATION, "lapsed", _S.EXPIRED),
        (_S.READY, "lapsed", _S.EXPIRED),
    ),
)


class Completion(Struct, frozen=True):
    """How a checkout was completed: the client's key, the total agreed to, the payment token, another method."""

    key: str
    total_minor: int
    token: str
    method: str = ""


class Checkout(Struct, frozen=True, kw_only=True):
    """A checkout as it stands after its last change: what was wished, what it comes to, what is in the way.

    `priced_by` marks the plan and the items that its amounts come from.
    `held` is the stock that is kept for it before it is an order, until `held_until`, first so at `held_since`.
    `offerings` are open, `offered` counts all there were, `kept` is held for what was chosen of them, lines that are
    `waiting` stay as they are. `closed` are the latest questions that are not open any more. `unconfirmed_minor` is a
    total that was agreed to and is not the total.
    """

    id: CheckoutId
    state: CheckoutState
    version: int
    created_at: datetime
    expires_at: datetime
    currency: str
    wishes: Wishes
    lines: tuple[CheckoutLine, ...] = ()
    options: tuple[DeliveryOption, ...] = ()
    methods: tuple[PayingOption, ...] = ()
    plans: tuple[DeliveryPlan, ...] = ()
    chosen: DeliveryPlan | None = None
    totals: Totals = Totals(0, 0, 0, 0, 0)
    delivery_tax_minor: int = 0
    discounts: tuple[CodeDiscount, ...] = ()
    outside: Outside = Outside()
    problems: tuple[Problem, ...] = ()
    completion: Completion | None = None
    order_id: OrderId | None = None
    order_number: str | None = None
    payment_attempts: int = 0
    priced_by: str = ""
    held: tuple[Source, ...] = ()
    held_since: datetime | None = None
    held_until: datetime | None = None
    offerings: tuple[Offering, ...] = ()
    kept: tuple[Kept, ...] = ()
    offered: int = 0
    waiting: tuple[LineWish, ...] = ()
    closed: tuple[Closed, ...] = ()
    unconfirmed_minor: int | None = None


class Create(Struct, frozen=True):
    """A request for a new checkout."""

    id: CheckoutId
    at: datetime
    wishes: Wishes


class Change(Struct, frozen=True):
    """A request to change what was wished: the fields given in `wishes` replace those there were.

    `expected` is the version that the shopper saw; when the checkout has another by then, nothing is changed.
    `answers` are of services outside; they change nothing that was wished.
    """

    id: CheckoutId
    at: datetime
    wishes: Wishes
    fields: tuple[str, ...]
    expected: int | None = None
    answers: Answers = NO_ANSWERS


class Complete(Struct, frozen=True):
    """A request to place the order: the total that the shopper saw, a key that is the same when it is asked again.

    `method` is another way to pay than the checkout names, which can still be chosen when a payment was declined.
    """

    id: CheckoutId
    at: datetime
    key: str
    total_minor: int
    token: str = ""
    method: str = ""


class Cancel(Struct, frozen=True):
    """A request to give a checkout up."""

    id: CheckoutId
    at: datetime


def after_pricing(state: CheckoutState, problems: tuple[Problem, ...]) -> CheckoutState:
    """The state that follows from what pricing found."""
    if any(problem.severity is Severity.UNRECOVERABLE for problem in problems):
        return CHECKOUT.next(state, "found_in_need_of_a_person")
    return CHECKOUT.next(state, "found_incomplete" if problems else "found_ready")


def refusal(checkout: Checkout, request: Complete) -> DoorstepError | None:
    """Why a checkout cannot be completed as asked; None when it can."""
    if checkout.state is CheckoutState.IN_PROGRESS or checkout.state is CheckoutState.COMPLETED:
        return Conflict("already_completed", f"This checkout is already order {checkout.order_number}.")
    if error := _over(checkout, request.at):
        return error
    if checkout.state is not CheckoutState.READY:
        missing = {problem.path: str(problem.message) for problem in checkout.problems}
        return Refused("checkout_not_ready", "This checkout cannot be completed yet: see the fields.", missing)
    if checkout.outside.has_expired(request.at) and not checkout.order_id:
        said = "Figures from outside are too old. Change the checkout, if only to what it is, and show it again."
        return Conflict("quote_expired", said)
    if checkout.totals.total != request.total_minor:
        return Conflict(
            TOTAL_CHANGED,
            f"The total is {checkout.totals.total} and not {request.total_minor} any more. Show it and ask again.",
            {"total_minor": str(checkout.totals.total)},
        )
    return None


def _over(checkout: Checkout, at: datetime) -> DoorstepError | None:
    """Why nothing can be made of a checkout any more."""
    if checkout.state is CheckoutState.CANCELED:
        return Conflict("checkout_closed", "This checkout was canceled and cannot be completed any more.")
    if checkout.state is CheckoutState.EXPIRED and checkout.order_id:
        return Refused("order_lapsed", "The time to pay this order has passed. Please start again.")
    if checkout.state is CheckoutState.EXPIRED or checkout.expires_at <= at:
        return Refused("checkout_expired", "This checkout has expired. Please start again; nothing was charged.")
    return None


def is_repeat(checkout: Checkout, request: Complete) -> bool:
    """Whether this very request was carried out before, so that it is answered as it was then."""
    return checkout.completion == Completion(request.key, request.total_minor, request.token, request.method)


def clash(earlier: Complete, request: Complete) -> DoorstepError | None:
    """Why a request cannot go together with an earlier one for the same checkout; None when it repeats that."""
    if earlier.key != request.key:
        return Conflict("already_completed", "This checkout is being completed by another request.")
    if replace(earlier, at=request.at) != request:
        return Conflict("key_reused", "This Idempotency-Key was used with another body before.")
    return None


def is_misused_key(checkout: Checkout, request: Complete) -> bool:
    """Whether the key came before with another body."""
    done = checkout.completion
    return done is not None and done.key == request.key and not is_repeat(checkout, request)
