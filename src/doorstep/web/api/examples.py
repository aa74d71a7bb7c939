"""Real requests and their answers: what the documentation shows."""

from datetime import UTC, datetime

from msgspec.structs import replace

from doorstep.desk.address import AddressBody
from doorstep.journey.order import Address, Buyer
from doorstep.journey.overview.story import PaymentStep
from doorstep.journey.overview.work import WorkKind
from doorstep.journey.placement.model.checkout import CheckoutState
from doorstep.journey.placement.model.problems import Severity
from doorstep.journey.standing import Stage
from doorstep.messages.model import NoticeState
from doorstep.web.api.address_fields import AddressFieldView, AddressForm
from doorstep.web.api.bodies import BuyerBody, CheckoutChange, Completion, LineBody, NewCheckout
from doorstep.web.api.checkout_parts import FieldView, OptionView, PartView, ProblemView, ServiceView
from doorstep.web.api.checkout_views import CheckoutView, LineView, OrderLink, TotalsView
from doorstep.web.api.order_views import (
    DeliveryView,
    Event,
    MoneyView,
    NoticeView,
    OrderLineView,
    OrderPage,
    OrderRow,
    OrderView,
    Quantities,
    UnitsView,
)
from doorstep.web.api.orders import LIST, BoardView, ColumnView
from doorstep.web.api.work import KindCount, WorkItem, WorkView
from doorstep.web.lists import cursor_of

CHECKOUT_ID = "chk_01HE8P6S3MZ0V4Q1R7T9W2X5YB"
ORDER_ID = "ord_01HE8P6S3MZ0V4Q1R7T9W2X5YB"
_AT = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
_LAPSES = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
_BUYER = Buyer("ada@example.com", "Ada Lovelace")
_ADDRESS = Address("GB", "Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH")
_UNITS = (UnitsView(1, 2),)

NEW_CHECKOUT = NewCheckout(lines=(LineBody("MUG-1", 2),))
CHANGE = CheckoutChange(
    buyer=BuyerBody("ada@example.com", "Ada Lovelace"),
    address=AddressBody("GB", "Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH"),
    service="standard",
    method="card",
)
COMPLETION = Completion(total_minor=2500, token="approve")  # noqa: S106 - the sandbox's own word


def _asked(path: str, message: str, field: FieldView | None, *options: OptionView) -> ProblemView:
    return ProblemView("field_missing", path, Severity.BUYER_INPUT, message, options=options, field=field)


OPENED = CheckoutView(
    id=CHECKOUT_ID,
    state=CheckoutState.INCOMPLETE,
    version=1,
    created_at=_AT,
    expires_at=_LAPSES,
    currency="GBP",
    locale="en",
    reference="",
    lines=(LineView("MUG-1", 2, "Mug", 1000, 2000, 0),),
    buyer=None,
    address=None,
    service=None,
    method=None,
    deliveries_max=None,
    options=(),
    totals=TotalsView(2000, 0, 0, 0, 2000),
    problems=(
        _asked("buyer.email", "An e-mail address is needed.", FieldView("email", "E-mail address", "ada@example.com")),
        _asked("address", "A delivery address is needed.", FieldView("address", "Delivery address")),
        ProblemView("field_missing", "service", Severity.BUYER_INPUT, "A delivery service is to be chosen."),
        _asked("method", "A payment method is to be chosen.", None, OptionView("card", "Card")),
    ),
)


def _ready(state: CheckoutState, version: int, payment: PaymentStep | None = None) -> CheckoutView:
    return CheckoutView(
        id=CHECKOUT_ID,
        state=state,
        version=version,
        created_at=_AT,
        expires_at=_LAPSES,
        currency="GBP",
        locale="en",
        reference="",
        lines=(LineView("MUG-1", 2, "Mug", 1000, 2000, 333),),
        buyer=_BUYER,
        address=_ADDRESS,
        service="standard",
        method="card",
        deliveries_max=None,
        options=(ServiceView("standard", "Standard", 500, 3, "600 g, up to 30000 g"),),
        totals=TotalsView(2000, 500, 0, 416, 2500),
        breakdown=(
            PartView("subtotal", "Goods", 2000),
            PartView("delivery", "Delivery", 500),
            PartView("tax_within", "Tax included", 416),
            PartView("total", "Total", 2500),
        ),
        problems=(),
        order=OrderLink(ORDER_ID, "1001") if version > 2 else None,
        payment=payment,
    )


READY = _ready(CheckoutState.READY, 2)
CANCELED = replace(READY, state=CheckoutState.CANCELED, version=3)
PLACED = _ready(CheckoutState.IN_PROGRESS, 3)
COMPLETED = _ready(CheckoutState.COMPLETED, 4, PaymentStep(state="authorized", attempts=1))

ORDER = OrderView(
    id=ORDER_ID,
    number="1001",
    version=3,
    reference="",
    stage=Stage.CONFIRMED,
    since=_AT,
    owner="doorstep",
    deadline=_LAPSES,
    held="",
    trouble=(),
    placed_at=_AT,
    locale="en",
    buyer=_BUYER,
    address=_ADDRESS,
    service="standard",
    method="card",
    deliveries_max=3,
    deliveries=(DeliveryView("main", _UNITS),),
    lines=(
        OrderLineView(
            position=1,
            sku="MUG-1",
            description="Mug",
            unit_price_minor=1000,
            total_minor=2000,
            tax_minor=333,
            tax_rate="0.20",
            discount_minor=0,
            quantities=Quantities(2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        ),
    ),
    money=MoneyView(
        currency="GBP",
        state="authorized",
        total_minor=2500,
        delivery_minor=500,
        delivery_tax_minor=83,
        discount_minor=0,
        discounts=(),
        authorized_minor=2500,
        voided_minor=0,
        captured_minor=0,
        refund_granted_minor=0,
        refunded_minor=0,
        due_minor=2500,
    ),
    parcels=(),
    timeline=(
        Event(at=_AT, kind="order_placed", about="", amount_minor=2500),
        Event(at=_AT, kind="payment_authorized", about="pay_01HE8P6S3MZ0V4Q1R7T9W2X5YB-1", amount_minor=2500),
        Event(at=_AT, kind="order_confirmed", about=""),
    ),
    notices=(
        NoticeView(
            channel="email",
            recipient="ada@example.com",
            subject="Your order 1001",
            text="Thank you for your order.",
            state=NoticeState.SENT,
            tries=1,
            note="",
        ),
    ),
)

ORDER_PAGE = OrderPage(
    (
        OrderRow(
            id=ORDER_ID,
            number="1001",
            placed_at=_AT,
            stage=Stage.CONFIRMED,
            since=_AT,
            due_at=_LAPSES,
            late=False,
            payment="authorized",
            buyer="Ada Lovelace",
            country="GB",
            total_minor=2500,
            currency="GBP",
            units=2,
            service="standard",
        ),
    ),
    cursor_of(LIST, "WzE3Nl0"),
)
WORK = WorkView(
    (
        WorkItem(
            kind=WorkKind.HOLD,
            order_id=ORDER_ID,
            number="1001",
            subject=ORDER_ID,
            due_at=_AT,
            minutes_left=-4,
            state="held",
            location="",
            note="the total is over the review limit",
            units=0,
            who="",
            actions=("hold.release", "hold.reject"),
        ),
    ),
    (KindCount(WorkKind.HOLD, 1), KindCount(WorkKind.PICK, 12)),
    None,
)
BOARD = BoardView((ColumnView(Stage.PAYING, 0, None), ColumnView(Stage.CONFIRMED, 1, _AT)))
ADDRESS_FORM = AddressForm(
    "GB",
    (
        AddressFieldView("country", "Country", required=True, example="GB", choices=()),
        AddressFieldView("name", "Full name", required=True, example="", choices=()),
        AddressFieldView("company", "Company", required=False, example="", choices=()),
        AddressFieldView("street", "Street and house number", required=True, example="", choices=()),
        AddressFieldView("city", "Town or city", required=True, example="", choices=()),
        AddressFieldView("postcode", "Postcode", required=True, example="EC1Y 8SY", choices=()),
        AddressFieldView("phone", "Phone number", required=False, example="+44 7400 123456", choices=()),
    ),
)
