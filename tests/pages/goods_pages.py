"""The pages of goods, numbers and the system, and how a person comes to each."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from doorstep.access.model.actor import COMMAND
from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.desk.bodies import AdjustmentBody
from doorstep.desk.model import Wish
from doorstep.desk.table import ACTS
from doorstep.jobs import store as jobs
from doorstep.jobs.model import EXHAUSTED, NewJob
from doorstep.journey.numbers import store as numbers
from doorstep.journey.numbers.model.days import CountedDay, day_of
from doorstep.journey.numbers.model.metrics import Metric, Pair, Slot
from doorstep.kernel.clock import to_ms
from doorstep.stock.model.sourcing import Moved, Source
from tests.pages.a_console import signed_in
from tests.pages.console import Console
from tests.stories.people import hired
from tests.stories.shop import Shop

Reach = Callable[[Console, Shop], Awaitable[None]]
STRANGE = 'JUG/½ & <b>"co"</b>'
GOOD_ITEMS = "sku,name,price,weight_grams\nMUG,Mug,13.50,300\nPLATE,Plate,9.00,410\nBOWL,Bowl,x,200\n"


async def a_stocked_house(shop: Shop) -> None:
    """An owner, items in every condition, jobs that nobody could do, and numbers of two months."""
    await hired(shop)
    await _shelves(shop)
    await _numbers(shop)
    async with shop.app.database.begin() as tx:
        lost = [NewJob("payment.capture", f"payment.capture:{n}", "{}", to_ms(shop.clock.now())) for n in range(2)]
        await jobs.insert(tx, [(job, EXHAUSTED) for job in lost])


async def _shelves(shop: Shop) -> None:
    at = shop.clock.now()
    new = [Item(f"CUP-{n:03}", f"Cup number {n}", 700 + n, 300, f"40123456{n:05}") for n in range(60)]
    async with shop.app.database.begin() as tx:
        await catalog.put(tx, [*new, Item(STRANGE, "A jug with a <i>name</i>", 2500, 900)])
        sources = tuple(Source("main", 0, one.sku, 1 + n % 12) for n, one in enumerate(new))
        await shop.app.shelf.receive(tx, [Moved("delivery-1", at, sources)])
    for change, reason in ((25, "a delivery"), (-3, "broken <b>on</b> the way")):
        body = AdjustmentBody(sku=STRANGE, location="main", change=change, reason=reason)
        await shop.app.desk.ask(ACTS["stock.adjust"], Wish(actor=COMMAND, body=body))


async def _numbers(shop: Shop) -> None:
    """Made-up sums of sixty days, as a count leaves them."""
    zone, now = ZoneInfo(shop.app.plans.in_force.store.time_zone), shop.clock.now()
    for back in range(60):
        day = day_of(now - timedelta(days=back), zone)
        orders = 40 + (back * 7) % 13 - back // 3
        sums: dict[tuple[Metric, int], Pair] = {
            (Metric.ORDERS, 0): (orders, orders * 3120),
            (Metric.UNITS, 0): (orders * 2, 0),
            (Metric.ARRIVED, 0): (orders * 2, 0),
            (Metric.RETURNED, 0): (orders // 9, 0),
            (Metric.BACKLOG, 0): (back % 5 - 2, 0),
            (Metric.ON_TIME, 0): (orders, orders - back % 4),
            (Metric.PERFECT, 0): (orders, orders - 2 - back % 5),
            (Metric.HANDED_OVER, 1440): (orders, orders * 1100),
            (Metric.DELIVERED, 2880): (orders, orders * (2000 + back * 9)),
            (Metric.REFUND_TIME, 2880): (3, 3 * 2000),
        }
        slots = [(Slot(day, "", metric, up_to), pair) for (metric, up_to), pair in sums.items()]
        async with shop.app.database.begin() as tx:
            await numbers.lock(tx, day)
            await numbers.replace(tx, CountedDay(day, "1:UTC", to_ms(now), orders, 1, 0), slots)


def _at(path: str) -> Reach:
    async def go(console: Console, shop: Shop) -> None:
        await a_stocked_house(shop)
        await signed_in(console)
        await console.goto(path)

    return go


async def _preview(console: Console, shop: Shop) -> None:
    await _at("/console/stock/import")(console, shop)
    await console.page.get_by_label("Or paste its text").fill(GOOD_ITEMS)
    await console.page.get_by_role("button", name="See what would change").click()
    await console.page.get_by_role("heading", name="What the file would change").wait_for()


async def _wrong_adjustment(console: Console, shop: Shop) -> None:
    await _at("/console/stock/item?sku=CUP-001")(console, shop)
    console.expect_status(422)
    await console.page.get_by_label("Units", exact=False).fill("many")
    await console.page.get_by_label("Why?", exact=False).fill("I counted")
    await console.page.get_by_role("button", name="Adjust").click()
    await console.page.locator("[role=alert]").wait_for()


REACHES: Mapping[str, Reach] = {
    "stock": _at("/console/stock"),
    "stock_nothing": _at("/console/stock?q=nothing"),
    "stock_item": _at("/console/stock/item?sku=JUG%2F%C2%BD+%26+%3Cb%3E%22co%22%3C%2Fb%3E"),
    "stock_item_wrong": _wrong_adjustment,
    "import": _at("/console/stock/import"),
    "import_preview": _preview,
    "numbers": _at("/console/numbers"),
    "numbers_of_a_week": _at("/console/numbers?days=7"),
    "system": _at("/console/system"),
}
"""By the page's name: how somebody comes there who has just opened a browser."""
