"""Every page in one table: the method and URL, whom it is for, what it takes."""

from collections.abc import Mapping

from doorstep.access.model.permissions import Permission
from doorstep.web.given import Given
from doorstep.web.pages import board, bulk, changing, customer, order, orders, sign_in, work
from doorstep.web.pages.assets import Assets
from doorstep.web.pages.exchange import PageDoor
from doorstep.web.pages.goods_table import GOODS
from doorstep.web.pages.page import Moved, Page, Visit, Who
from doorstep.web.pages.people_table import PEOPLE
from doorstep.web.pages.rendering import Rendering
from doorstep.web.pages.shop.table import SHOP


async def _home(visit: Visit) -> Moved:
    """The street door leads to the console."""
    del visit
    return Moved(sign_in.CONSOLE)


_DOOR = (Page(method="GET", path="/", run=_home, who=Who.ANYBODY),)

_READ = Permission.ORDERS_READ
_JOURNEY = (
    Page(method="GET", path="/console", run=board.board, needs=_READ),
    Page(method="GET", path="/console/work", run=work.work, needs=_READ),
    Page(method="GET", path="/console/orders", run=orders.orders, needs=_READ),
    Page(method="GET", path="/console/orders.csv", run=orders.export, needs=Permission.ORDERS_EXPORT),
    Page(method="GET", path="/console/orders/bulk", run=bulk.preview, needs=_READ),
    Page(method="POST", path="/console/orders/bulk", run=bulk.have_done, needs=_READ, form=bulk.BulkForm),
    Page(method="POST", path="/console/orders/views", run=orders.save_view, needs=_READ, form=orders.ViewForm),
    Page(
        method="POST", path="/console/orders/views/removal", run=orders.remove_view, needs=_READ, form=orders.ViewForm
    ),
    Page(method="GET", path="/console/orders/{name}", run=order.order, needs=_READ),
    Page(method="POST", path="/console/orders/{name}/link", run=order.make_link, needs=Permission.ORDERS_WRITE),
    *order.act_pages(),
)


def _changing(path: str, who: Who, needs: Permission | None = None) -> tuple[Page, ...]:
    """The pages by which an order is changed: asked for, shown, agreed to."""
    return (
        Page(method="GET", path=path, run=changing.ask, who=who, needs=needs),
        Page(method="POST", path=path, run=changing.preview, who=who, needs=needs, again=changing.ask_again),
        Page(
            method="POST",
            path=f"{path}/agreement",
            run=changing.make,
            who=who,
            needs=needs,
            form=changing.AgreedForm,
            again=changing.make_again,
        ),
    )


_CUSTOMERS = (
    Page(method="GET", path="/order/{name}", run=customer.show, who=Who.ANYBODY),
    Page(
        method="POST",
        path="/order/{name}/answer",
        run=customer.answer,
        who=Who.ANYBODY,
        form=customer.AnswerForm,
        again=customer.show_again,
    ),
    Page(
        method="POST",
        path="/order/{name}/cancel",
        run=customer.cancel,
        who=Who.ANYBODY,
        again=customer.cancel_again,
    ),
    *_changing("/order/{name}/change", Who.ANYBODY),
)

_CHANGES = _changing("/console/orders/{name}/change", Who.SIGNED_IN, Permission.ORDERS_WRITE)

PAGES: tuple[Page, ...] = (*_DOOR, *PEOPLE, *_JOURNEY, *_CHANGES, *GOODS, *_CUSTOMERS, *SHOP)


def page_doors(given: Given, assets: Assets) -> Mapping[str, PageDoor]:
    """What answers for every page, by path."""
    rendering = _rendering(given, assets)
    by_path: dict[str, dict[str, Page]] = {}
    for page in PAGES:
        by_path.setdefault(page.path, {})[page.method] = page
    return {path: PageDoor(pages, given, rendering) for path, pages in by_path.items()}


def nowhere_door(given: Given, assets: Assets) -> PageDoor:
    """What answers people at a URL that leads nowhere."""
    return PageDoor({}, given, _rendering(given, assets))


def _rendering(given: Given, assets: Assets) -> Rendering:
    store = given.plans.in_force.store
    return Rendering(assets, store.name, store.currency)
