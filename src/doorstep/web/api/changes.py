"""Changes of an order over HTTP: what one would come to, and those that were asked for."""

from msgspec.structs import replace

from doorstep.access.model.permissions import Permission
from doorstep.desk.bodies import ChangeDraft
from doorstep.desk.desk import done
from doorstep.desk.model import Wish
from doorstep.desk.table import CHANGE
from doorstep.journey.placement.model.amending.records import ChangeState
from doorstep.kernel.errors import Missing
from doorstep.web.api import act_examples as x
from doorstep.web.api.change_views import ChangesView, ChangeView, change_view
from doorstep.web.endpoint import AnyEndpoint, Ask, Endpoint
from doorstep.web.noting import REQUEST

_NO_ORDER = Missing("no_such_order", "There is no order 1001.")


async def preview(ask: Ask[ChangeDraft]) -> ChangeView:
    """What a change would come to: it is made as it would be, and undone before anything is kept."""
    wish = Wish(actor=ask.actor, body=ask.body, order=ask.name, request_id=REQUEST.get())
    (outcome,) = await ask.given.desk.preview(CHANGE, [wish])
    shown = change_view(done(outcome).answer, ChangeState.DRAFT)
    return replace(shown, id="", payment_id="", until=None)


async def listed(ask: Ask[None]) -> ChangesView:
    """All changes of an order."""
    async with ask.given.database.read() as tx:
        story = await ask.given.overview.story(tx, ask.name)
        records = await ask.given.overview.records(tx, story)
    return ChangesView(tuple(change_view(change) for change in records.changes))


PREVIEW: AnyEndpoint = Endpoint(
    method="POST",
    path="/api/v1/orders/{name}/changes/preview",
    run=preview,
    title="Ask what a change would come to",
    says="Nothing is changed. The difference is sent with the change itself, which is refused when it is another then.",
    body=ChangeDraft,
    example_body=x.CHANGE_DRAFT,
    example=x.CHANGE_PREVIEW,
    needs=Permission.ORDERS_WRITE,
    errors=(_NO_ORDER, *x.CHANGE_ERRORS),
)
LISTED: AnyEndpoint = Endpoint(
    method="GET",
    path="/api/v1/orders/{name}/changes",
    run=listed,
    title="List the changes of an order",
    says="Those that were made, wait for their payment, or came to nothing.",
    example=ChangesView((x.CHANGED,)),
    needs=Permission.ORDERS_READ,
    errors=(_NO_ORDER,),
)
