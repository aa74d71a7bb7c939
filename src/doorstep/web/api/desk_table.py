"""The endpoints of the desk, of stock and items, and of the system: paths, parameters and examples."""

from datetime import UTC, datetime

from doorstep.access.model.actor import ActorKind
from doorstep.access.model.permissions import Permission
from doorstep.desk.model import About
from doorstep.kernel.limits import KEY_CHARS_MAX, SKU_CHARS_MAX
from doorstep.web.api import changes, goods, system
from doorstep.web.api.acts import act_endpoints, batch_endpoint
from doorstep.web.endpoint import AnyEndpoint, Endpoint, Parameter
from doorstep.web.lists import LIMIT, cursor_parameter

_AT = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
_ORDER_ID = "ord_01HE8P6S3MZ0V4Q1R7T9W2X5YB"
_KEY_ID = "key_01HE8P6S3MZ0V4Q1R7T9W2X5YB"
_AUDIT_ID = "aud_01HE8P6S3MZ0V4Q1R7T9W2X5YB"

MOMENT = {"type": "string", "format": "date-time"}
KEY = Parameter(
    name="Idempotency-Key",
    place="header",
    says="A text of your own. Asked again with the same key and body, nothing is done twice.",
    schema={"type": "string", "minLength": 1, "maxLength": KEY_CHARS_MAX, "pattern": "^[ -~]+$"},
    example="cart-7731-1",
    required=True,
)

_ON_ORDERS = {
    "hold.release": "/api/v1/orders/{name}/hold-releases",
    "hold.reject": "/api/v1/orders/{name}/hold-rejections",
    "order.cancel": "/api/v1/orders/{name}/cancellations",
    "order.change": "/api/v1/orders/{name}/changes",
    "order.note": "/api/v1/orders/{name}/notes",
    "question.answer": "/api/v1/orders/{name}/answers",
    "case.take": "/api/v1/orders/{name}/case-assignments",
    "case.resolve": "/api/v1/orders/{name}/case-resolutions",
    "pick.report": "/api/v1/orders/{name}/picks",
    "pack.report": "/api/v1/orders/{name}/parcels",
    "parcel.hand_over": "/api/v1/orders/{name}/hand-overs",
    "return.request": "/api/v1/orders/{name}/returns",
    "return.approve": "/api/v1/orders/{name}/return-approvals",
    "return.decline": "/api/v1/orders/{name}/return-refusals",
    "return.receive": "/api/v1/orders/{name}/receptions",
    "return.inspect": "/api/v1/orders/{name}/inspections",
    "notice.send_again": "/api/v1/orders/{name}/notice-repeats",
}
_ON_GOODS = {
    "stock.adjust": "/api/v1/stock/adjustments",
    "stock.import": "/api/v1/stock/counts",
    "items.import": "/api/v1/items/imports",
}
_ON_SYSTEM = {
    "job.retry": "/api/v1/jobs/retries",
    "job.give_up": "/api/v1/jobs/refusals",
    "key.issue": "/api/v1/keys",
    "key.revoke": "/api/v1/keys/revocations",
}


def _text(name: str, says: str, example: str, chars_max: int = 200) -> Parameter:
    schema = {"type": "string", "minLength": 1, "maxLength": chars_max, "pattern": r"^[^\x00-\x1f\x7f]+$"}
    return Parameter(name, "query", says, schema, example)


def _moment(name: str, says: str) -> Parameter:
    return Parameter(name, "query", says, MOMENT, "2026-11-16T09:30:00Z")


LOCATION = _text("location", "Only at this location.", "main")

ON_ORDERS: tuple[AnyEndpoint, ...] = (
    *act_endpoints(_ON_ORDERS, KEY),
    changes.PREVIEW,
    changes.LISTED,
    batch_endpoint("/api/v1/orders/batches", KEY),
)
"""What is done about orders."""

GOODS: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="GET",
        path="/api/v1/stock",
        run=goods.stock,
        title="List stock",
        says="What is on hand and what of it is promised, by item and location.",
        example=goods.StockPage(
            (goods.StockRow(sku="MUG-1", location="main", on_hand=40, reserved=2, allocated=7, available=31),), None
        ),
        needs=Permission.STOCK_READ,
        parameters=(
            _text("sku", "Only this item.", "MUG-1", SKU_CHARS_MAX),
            LOCATION,
            cursor_parameter(goods.STOCK, "MUG-1", "main"),
            LIMIT,
        ),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/items",
        run=goods.items,
        title="List items",
        says="In order of SKU.",
        example=goods.ItemPage(
            (
                goods.ItemRow(
                    sku="MUG-1", name="Mug", price_minor=1000, weight_grams=300, barcode="", tax_class="standard"
                ),
            ),
            None,
        ),
        needs=Permission.STOCK_READ,
        parameters=(cursor_parameter(goods.ITEMS, "MUG-1"), LIMIT),
    ),
    *act_endpoints(_ON_GOODS, KEY),
)
"""Stock and items."""

SYSTEM: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="GET",
        path="/api/v1/audit",
        run=system.audit,
        title="Read the audit trail",
        says="What people and programs did, the newest first. Nothing in it is ever changed.",
        example=system.AuditView(
            (
                system.EntryView(
                    id=_AUDIT_ID,
                    at=_AT,
                    actor_kind=ActorKind.KEY,
                    actor_id=_KEY_ID,
                    actor_name="storefront",
                    act="hold.release",
                    about_kind="order",
                    about_id=_ORDER_ID,
                    reason="a customer of many years",
                    before='{"held":"the total is over the review limit","stage":"held","version":3}',
                    after='{"held":null,"stage":"accepting","version":4}',
                    request_id="req_01HE8P6S3MZ0V4Q1R7T9W2X5YB",
                ),
            ),
            None,
        ),
        needs=Permission.AUDIT_READ,
        parameters=(
            Parameter(
                "about_kind",
                "query",
                "Only about such things.",
                {"enum": [*About, "staff", "settings"]},
                "order",
            ),
            _text("about", "Only about what has this id.", _ORDER_ID, 700),
            _text("actor", "Only what this person or key did, by their id.", _KEY_ID),
            Parameter(
                "act",
                "query",
                "Only acts that begin so.",
                {"type": "string", "maxLength": 80, "pattern": "^[a-z_.]+$"},
                "hold.",
            ),
            _moment("since", "Only from then on."),
            _moment("until", "Only before then."),
            cursor_parameter(system.AUDIT, _AUDIT_ID),
            LIMIT,
        ),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/jobs",
        run=system.jobs,
        title="Read what there is to do",
        says="Jobs by kind, and up to 200 of those that were tried too often and wait for a person.",
        example=system.JobsView(
            (system.KindView(kind="payment.capture", due=0, later=3, held=1, exhausted=1),),
            (
                system.ExhaustedView(
                    job=f"payment.capture:{_ORDER_ID}:OrderConfirmed:",
                    kind="payment.capture",
                    about=_ORDER_ID,
                    attempts=8,
                    error="the provider's answer cannot be read",
                    due_at=_AT,
                ),
            ),
        ),
        needs=Permission.SYSTEM_READ,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/keys",
        run=system.keys,
        title="List API keys",
        says="Without their secrets, which are kept nowhere.",
        example=system.KeysView(
            (
                system.ApiKeyView(
                    id=_KEY_ID,
                    name="storefront",
                    scopes=("orders:read",),
                    created_at=_AT,
                    expires_at=None,
                    revoked_at=None,
                    last_used_at=_AT,
                ),
            )
        ),
        needs=Permission.KEYS_MANAGE,
    ),
    *act_endpoints(_ON_SYSTEM, KEY),
)
"""The audit trail, jobs and keys."""
