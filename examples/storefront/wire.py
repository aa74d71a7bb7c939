"""What goes over the wire: bodies that are sent, and answers. Made from the API's own types by `make docs`.

Amounts are whole numbers of the currency's minor unit. What a later version of the API adds to an answer is ignored; a
word that is not known yet is a member all the same, with itself as its value.
"""

from datetime import date, datetime
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType


class _Word(StrEnum):
    """One of a set of words to which a later version may add."""

    @classmethod
    def _missing_(cls, value: object) -> "_Word":
        word = str.__new__(cls, value)
        word._name_, word._value_ = str(value), str(value)
        return word


class CheckoutState(_Word):
    """The states of a checkout."""

    INCOMPLETE = "incomplete"
    REQUIRES_ESCALATION = "requires_escalation"
    READY = "ready_for_complete"
    IN_PROGRESS = "complete_in_progress"
    COMPLETED = "completed"
    CANCELED = "canceled"
    EXPIRED = "expired"


class LineView(Struct, frozen=True, kw_only=True):
    """A line as it was asked for, with what it comes to; nulls when there is no such item.

    `tax_rate` is the rate that was applied, a decimal such as "0.20", and `tax_why` says in words why it is this one.
    """

    sku: str
    quantity: int
    name: str | None = None
    unit_price_minor: int | None = None
    total_minor: int | None = None
    tax_minor: int | None = None
    discount_minor: int | None = None
    tax_rate: str | None = None
    tax_why: str | None = None


class Buyer(Struct, frozen=True, kw_only=True):
    """Who ordered. Personal data: kept out of facts and logs. `tax_id` is the VAT number of a business."""

    email: str
    name: str
    phone: str = ""
    tax_id: str = ""


class Address(Struct, frozen=True, kw_only=True):
    """Where the goods go, or the bill. `country` is ISO 3166 alpha-2; what else is needed depends on it.

    `phone` is for the courier, `instructions` say where to leave a parcel, `access_code` opens the door to it.
    """

    country: str
    name: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    company: str = ""
    phone: str = ""
    instructions: str = ""
    access_code: str = ""


class ServiceView(Struct, frozen=True, kw_only=True):
    """A delivery service that can be chosen, with its best price and, in words, what the price comes from."""

    service: str
    name: str
    price_minor: int
    transit_days: int
    why: str


class PayingOption(Struct, frozen=True, kw_only=True):
    """A way to pay that can be chosen."""

    id: str
    name: str


class ParcelView(Struct, frozen=True, kw_only=True):
    """One delivery: what comes from where by which service, what it costs, and when it is promised to arrive."""

    location: str
    service: str
    units: tuple[tuple[int, int], ...]
    weight_grams: int
    price_minor: int
    leaves_at: datetime
    arrives_from: date
    arrives_until: date
    why: tuple[str, ...]


class DeliveryPlanView(Struct, frozen=True, kw_only=True):
    """A way in which everything can be delivered. `units` of its parcels are pairs of line position and quantity."""

    id: str
    deliveries: int
    parcels: tuple[ParcelView, ...]
    price_minor: int
    arrives_until: date
    marks: tuple[str, ...]
    why: tuple[str, ...]


class TotalsView(Struct, frozen=True, kw_only=True):
    """What the shopper pays: subtotal - discount + delivery + tax added = total; `tax_minor` is all tax within the
    total, `discount_minor` all that codes take off.
    """

    subtotal_minor: int
    delivery_minor: int
    tax_added_minor: int
    tax_minor: int
    total_minor: int
    discount_minor: int = 0


class PartView(Struct, frozen=True, kw_only=True):
    """A part of the total: subtotal, discount (of a `code`), delivery, tax_added, tax_within or total, and its name.

    What is taken off is negative. The parts but `tax_within`, which is in the others already, add up to the total.
    """

    kind: str
    label: str
    amount_minor: int
    code: str = ""


class Severity(_Word):
    """Who can solve a problem."""

    RECOVERABLE = "recoverable"
    BUYER_INPUT = "requires_buyer_input"
    BUYER_REVIEW = "requires_buyer_review"
    UNRECOVERABLE = "unrecoverable"


class OptionView(Struct, frozen=True, kw_only=True):
    """One thing that can be chosen: what the checkout then comes to, and until when its goods are kept."""

    id: str
    label: str
    price_minor: int | None = None
    held_until: datetime | None = None


class FieldView(Struct, frozen=True, kw_only=True):
    """A field that is asked for: what forms call it, an example, and what it can be if it is one of few."""

    name: str
    label: str
    example: str = ""
    choices: tuple[OptionView, ...] = ()


class ProblemView(Struct, frozen=True, kw_only=True):
    """Why the checkout cannot be completed as it is: what kind, where (a path into the checkout), and in words.

    `deadline` is when `default`, one of the options, is taken if nobody chooses.
    """

    kind: str
    path: str
    severity: Severity
    message: str
    options: tuple[OptionView, ...] = ()
    field: FieldView | None = None
    default: str = ""
    deadline: datetime | None = None


class QuestionKind(_Word):
    """What kind of answer a question wants.

    One of several alternatives, a yes to a total, a field, an approval at the bank, one of several ways of delivery.
    """

    CHOOSE_ALTERNATIVE = "choose_alternative"
    CONFIRM_TOTAL = "confirm_total"
    GIVE_FIELD = "give_field"
    APPROVE_PAYMENT = "approve_payment"
    CONFIRM_DELIVERY = "confirm_delivery"


class QuestionState(_Word):
    """The states of a question."""

    ASKED = "asked"
    ANSWERED = "answered"
    DEFAULTED = "defaulted"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class QuestionView(Struct, frozen=True, kw_only=True):
    """A question: of which kind, about what, in words, and what can be answered.

    That is the id of one of `options`, or a value for `field`; what is approved at `redirect_url` is not answered here.
    At the `deadline`, if there is one, `default` is what happens.
    """

    id: str
    kind: QuestionKind
    state: QuestionState
    text: str
    path: str = ""
    options: tuple[OptionView, ...] = ()
    field: FieldView | None = None
    redirect_url: str = ""
    default: str = ""
    deadline: datetime | None = None


class OrderLink(Struct, frozen=True, kw_only=True):
    """The order that the checkout became."""

    id: str
    number: str


class PaymentStep(Struct, frozen=True, kw_only=True):
    """How the payment of an order stands, as far as it is its shopper's affair.

    When the state is `declined` there is a reason; when it is `action_required` the shopper must go to `action_url`.
    """

    state: str
    attempts: int
    reason: str | None = None
    action_url: str | None = None


class CheckoutView(Struct, frozen=True, kw_only=True):
    """A checkout: what was asked for, what it comes to, what is in the way.

    `methods` are the ways to pay, `options` the delivery services to choose from once there is an address, `plans` all
    ways of delivery worth choosing, `chosen` the id of the one that holds. It can be completed when its state is
    `ready_for_complete`; `problems` says what is missing until then, and `questions` what is asked. Reading a completed
    checkout also says how its `payment` stands; other answers leave that null.
    """

    id: str
    state: CheckoutState
    version: int
    created_at: datetime
    expires_at: datetime
    currency: str
    locale: str
    reference: str
    lines: tuple[LineView, ...]
    buyer: Buyer | None
    address: Address | None
    billing_address: Address | None = None
    service: str | None
    delivery: str | None = None
    method: str | None
    deliveries_max: int | None
    codes: tuple[str, ...] = ()
    note: str = ""
    gift_message: str = ""
    options: tuple[ServiceView, ...]
    methods: tuple[PayingOption, ...] = ()
    plans: tuple[DeliveryPlanView, ...] = ()
    chosen: str | None = None
    totals: TotalsView
    breakdown: tuple[PartView, ...] = ()
    problems: tuple[ProblemView, ...]
    questions: tuple[QuestionView, ...] = ()
    order: OrderLink | None = None
    payment: PaymentStep | None = None


class LinkView(Struct, frozen=True, kw_only=True):
    """A link that opens the checkout in another browser: its secret token, the page it opens, and until when it works.

    Where no public address is set there is no page, and `url` is empty.
    """

    token: str
    url: str
    expires_at: datetime


class Problem(Struct, frozen=True, kw_only=True):
    """What went wrong. `code` is for programs and stays the same, `detail` is for people.

    `fields` says for each part of the request that is at fault, by its path such as `lines[0].quantity`, what is wrong
    with it. `instance` names this very occurrence.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str]
    instance: str


class LineBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item and how many of it."""

    sku: str
    quantity: int


class BuyerBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who orders."""

    email: str
    name: str = ""
    phone: str = ""
    tax_id: str = ""


class AddressBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the goods go. What is needed beside the country depends on it; `problems` says what is missing."""

    country: str
    name: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    company: str = ""
    phone: str = ""
    instructions: str = ""
    access_code: str = ""


class NewCheckout(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A new checkout. Only the lines are needed; the rest can come later."""

    lines: tuple[LineBody, ...]
    buyer: BuyerBody | None = None
    address: AddressBody | None = None
    billing_address: AddressBody | None = None
    service: str | None = None
    delivery: str | None = None
    method: str | None = None
    deliveries_max: int | None = None
    codes: tuple[str, ...] = ()
    note: str = ""
    gift_message: str = ""
    locale: str = "en"
    currency: str | None = None
    reference: str = ""


class CheckoutChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change: a field that is given replaces what was there, null removes it, one that is left out stays."""

    lines: tuple[LineBody, ...] | UnsetType = UNSET
    buyer: BuyerBody | UnsetType | None = UNSET
    address: AddressBody | UnsetType | None = UNSET
    billing_address: AddressBody | UnsetType | None = UNSET
    service: str | UnsetType | None = UNSET
    delivery: str | UnsetType | None = UNSET
    method: str | UnsetType | None = UNSET
    deliveries_max: int | UnsetType | None = UNSET
    codes: tuple[str, ...] | UnsetType = UNSET
    note: str | UnsetType = UNSET
    gift_message: str | UnsetType = UNSET
    locale: str | UnsetType = UNSET
    currency: str | UnsetType | None = UNSET
    reference: str | UnsetType = UNSET


class Completion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The agreement: the total that the shopper saw, and the means of payment.

    `method` is another way to pay than the checkout names: the only change that is possible after a decline.
    """

    total_minor: int
    token: str = ""
    method: str = ""


class CheckoutAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer: which question, and the option that is chosen or the value of the field that it asks for."""

    question_id: str
    choice: str = ""
    value: str = ""
