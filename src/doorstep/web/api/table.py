"""Every endpoint of the API in one table: the method and URL, what it takes and answers, how it can fail."""

from doorstep.access.model.permissions import Permission
from doorstep.journey.balance import STATES
from doorstep.journey.overview.lists import Sorting
from doorstep.journey.overview.work import WorkKind
from doorstep.journey.standing import OWNERS, Stage
from doorstep.kernel.errors import Conflict, Missing, Refused
from doorstep.kernel.limits import KEY_CHARS_MAX
from doorstep.web.api import address_fields, checkouts, health, orders, webhooks, work
from doorstep.web.api import examples as x
from doorstep.web.api.bodies import CheckoutChange, Completion, NewCheckout
from doorstep.web.api.desk_table import GOODS, KEY, LOCATION, MOMENT, ON_ORDERS, SYSTEM
from doorstep.web.api.talk_table import TALK
from doorstep.web.endpoint import AnyEndpoint, Endpoint, Parameter
from doorstep.web.etags import BAD_ETAG, IF_MATCH, IF_NONE_MATCH, PRECONDITION_FAILED
from doorstep.web.lists import LIMIT, cursor_parameter
from doorstep.web.respond import HttpError

_NO_CHECKOUT = Missing("no_such_checkout", f"There is no checkout {x.CHECKOUT_ID}.")
_EXPIRED = Refused("checkout_expired", "This checkout has expired. Please start again; nothing was charged.")

_OWNERS = dict.fromkeys(owner.who for owner in OWNERS.values())
_LISTING = (
    Parameter(
        "q",
        "query",
        "Only orders of which every word begins a term: number, e-mail address, name, phone number, SKU, postcode, "
        "tracking number. At most six words of at least two characters.",
        {"type": "string", "maxLength": 200},
        "lovelace mug",
    ),
    Parameter("stage", "query", "Only orders in this stage.", {"enum": [*Stage]}, "confirmed"),
    Parameter("payment", "query", "Only orders whose payment is in this state.", {"enum": [*STATES]}, "authorized"),
    Parameter("owner", "query", "Only orders whose turn it is to be moved on by these.", {"enum": [*_OWNERS]}, "care"),
    Parameter("late", "query", "Only orders that should have moved on by now.", {"enum": ["true", "false"]}, "true"),
    Parameter("placed_from", "query", "Only orders placed from then on.", MOMENT, "2026-11-16T09:30:00Z"),
    Parameter("placed_to", "query", "Only orders placed before then.", MOMENT, "2026-11-17T09:30:00Z"),
    Parameter(
        "sort",
        "query",
        "The newest first, or what is due soonest; then only orders that have not ended are listed.",
        {"enum": [*Sorting], "default": Sorting.NEWEST},
        "due",
    ),
    cursor_parameter(orders.LIST, "WzE3Nl0"),
    LIMIT,
)

_CHECKOUTS: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="POST",
        path="/api/v1/checkouts",
        run=checkouts.create,
        title="Open a checkout",
        says="Prices the lines at once and says what is still missing. The id is a secret: who knows it may read, "
        "change and complete this checkout, so it belongs to one shopper.",
        body=NewCheckout,
        example_body=x.NEW_CHECKOUT,
        status=201,
        example=x.OPENED,
        location=lambda view: f"/api/v1/checkouts/{view.id}",
        version=lambda view: view.version,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/checkouts/{name}",
        run=checkouts.read,
        title="Read a checkout",
        says="After it was completed, `payment` says how the payment stands: where the shopper must go when the state "
        "is `action_required`, and why when it is `declined`.",
        example=x.COMPLETED,
        parameters=(IF_NONE_MATCH,),
        errors=(_NO_CHECKOUT,),
        version=lambda view: view.version,
    ),
    Endpoint(
        method="PATCH",
        path="/api/v1/checkouts/{name}",
        run=checkouts.change,
        title="Change a checkout",
        says="Only the fields that are given change; null removes one. Everything is priced again.",
        body=CheckoutChange,
        example_body=x.CHANGE,
        example=x.READY,
        version=lambda view: view.version,
        parameters=(IF_MATCH,),
        errors=(
            _NO_CHECKOUT,
            BAD_ETAG,
            PRECONDITION_FAILED,
            Conflict("checkout_closed", "This checkout is completed and cannot be changed any more."),
            _EXPIRED,
        ),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/checkouts/{name}/complete",
        run=checkouts.complete,
        title="Complete a checkout",
        says="Places the order if the total is still the one that the shopper saw. The payment follows: read the "
        "checkout to see how it goes. After a decline, complete again with another token and another key.",
        body=Completion,
        example_body=x.COMPLETION,
        example=x.PLACED,
        order=lambda view: view.order.number if view.order else "",
        parameters=(KEY,),
        errors=(
            HttpError(400, "idempotency_key_missing", "Send the header Idempotency-Key with a text of your own."),
            HttpError(400, "bad_idempotency_key", f"A key has 1 to {KEY_CHARS_MAX} printable ASCII characters."),
            _NO_CHECKOUT,
            Conflict(
                "total_changed",
                "The total is 2500 and not 2400 any more. Show it and ask again.",
                {"total_minor": "2500"},
            ),
            Conflict("key_reused", "This Idempotency-Key was used with another body before."),
            Conflict("already_completed", "This checkout is already order 1001."),
            Conflict("checkout_closed", "This checkout was canceled and cannot be completed any more."),
            Refused(
                "checkout_not_ready",
                "This checkout cannot be completed yet: see the fields.",
                {"address": "A delivery address is needed."},
            ),
            Refused(
                "insufficient_stock",
                "Not available any more: MUG-1 (wanted 2, available 1). Nothing was charged.",
                {"lines[0].quantity": "1"},
            ),
            _EXPIRED,
            Refused("order_lapsed", "The time to pay this order has passed. Please start again."),
        ),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/checkouts/{name}/cancel",
        run=checkouts.cancel,
        title="Cancel a checkout",
        says="Gives it up and frees at once what it holds. After a decline the order that waits to be paid is given up "
        "too; one that is paid, or may be, is not. Asked again, the answer is the same.",
        example=x.CANCELED,
        version=lambda view: view.version,
        errors=(
            _NO_CHECKOUT,
            Conflict("checkout_closed", "This checkout is completed and cannot be canceled any more."),
        ),
    ),
)

_FORMS: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="GET",
        path="/api/v1/address-fields",
        run=address_fields.read,
        title="Read the form of an address",
        says="The fields of an address in a country, in the order in which people there write them, with the labels "
        "that they know, an example where there is one, and the regions to choose from. Draw a form of them.",
        example=x.ADDRESS_FORM,
        version=lambda _: 1,
        parameters=(address_fields.COUNTRY, address_fields.REGION, address_fields.LOCALE, IF_NONE_MATCH),
        errors=(Missing("no_such_country", "There is no country UK. Perhaps one of these is meant: GB."),),
    ),
)

_ORDERS: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="GET",
        path="/api/v1/orders",
        run=orders.listed,
        title="List and find orders",
        says="All that is asked for must hold.",
        example=x.ORDER_PAGE,
        needs=Permission.ORDERS_READ,
        parameters=_LISTING,
        errors=(Refused("bad_search", "Each word has at least 2 characters.", {"q": "too short"}),),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/orders/{name}",
        run=orders.read,
        title="Read an order",
        says="By its id or its number: what was agreed, how every line and the money stand, all that happened.",
        example=x.ORDER,
        order=lambda view: view.number,
        needs=Permission.ORDERS_READ,
        parameters=(IF_NONE_MATCH,),
        errors=(Missing("no_such_order", "There is no order 1001."),),
        version=lambda view: view.version,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/board",
        run=orders.board,
        title="Read the board",
        says="Every stage, how many orders are in it, and since when the oldest is. In stages that are ends, such as "
        "delivered, orders that began in the last 30 days are counted, and nothing is said of the oldest.",
        example=x.BOARD,
        needs=Permission.ORDERS_READ,
    ),
)

_WORK: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="GET",
        path="/api/v1/work",
        run=work.work,
        title="Read the work list",
        says="Everything that waits for a person, in the order in which promises break. Each act of `actions` is a "
        "resource of its own, such as `hold-releases` of the order; `subject` is the id that it asks for.",
        example=x.WORK,
        needs=Permission.ORDERS_READ,
        parameters=(
            Parameter("kind", "query", "Only this kind.", {"enum": [*WorkKind]}, "hold"),
            LOCATION,
            cursor_parameter(work.LIST, "WzE3Nl0"),
            LIMIT,
        ),
    ),
)

_HEALTH: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="GET",
        path="/healthz",
        run=health.lives,
        title="Is the process alive?",
        says="For a supervisor that restarts it.",
        example=health.Health("ok"),
        is_limited=False,
    ),
    Endpoint(
        method="GET",
        path="/readyz",
        run=health.is_ready,
        title="Can the process work?",
        says="For a load balancer: the database was asked too. 503 while the process stops, or when its worker died.",
        example=health.Health("ready"),
        is_limited=False,
    ),
)

_TOLD: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="POST",
        path="/api/v1/providers/{name}/webhooks",
        run=webhooks.hear,
        title="Tell what became of a payment",
        says="For the payment provider of that name, which signs what it sends. That something became of a call is all "
        "that is believed: the provider is asked about it at once. Told again, it is the same question.",
        takes_bytes=True,
        body_bytes_max=webhooks.WEBHOOK_BYTES_MAX,
        example=webhooks.Taken(1),
        errors=(
            webhooks.not_genuine(),
            Missing("no_such_webhook", "No payment provider of this name tells anything here."),
        ),
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *_CHECKOUTS,
    *_FORMS,
    *TALK,
    *_TOLD,
    *_ORDERS,
    *_WORK,
    *ON_ORDERS,
    *GOODS,
    *SYSTEM,
    *_HEALTH,
)
