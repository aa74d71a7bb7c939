"""The console with 200,000 orders there: how long the server takes for each page, and what a first page weighs.

Each page is asked for as an owner who has signed in asks, through the whole application and on its real database.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from statistics import quantiles
from time import perf_counter
from urllib.parse import quote_plus

from msgspec import Struct
from msgspec.structs import replace

from bench.a_year import a_year, order_count
from bench.figures import Budget, Figure, Row
from bench.topic import Assignment
from bench.visits import Visitor, signed_in
from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND, ActorKind
from doorstep.access.model.audit import Change, entry
from doorstep.app import App
from doorstep.journey import standing as fold
from doorstep.journey.ledger import store as ledger
from doorstep.journey.order import Order
from doorstep.journey.overview.cursor import written
from doorstep.journey.overview.listing import LAST_ID
from doorstep.journey.overview.lists import OrderQuery
from doorstep.journey.overview.story import refold
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.ids import OrderId, first_id, moment_ms_of

_ORDERS, _ORDERS_SOON = 200_000, 20_000
_WARM, _ASKED = 5, 40
_PAGE_MS, _FIRST_KB = Budget(100.0), Budget(150.0)
_SAMPLE, _SEARCHED_ONE_IN, _AUDITED, _PEOPLE = 200, 10, 20_000, 20


class Known(Struct, frozen=True):
    """What pages are asked about: an order with few lines and one with many, words that few or many orders have."""

    small: str
    large: str
    email: str
    tracking: str
    common_sku: str
    rare_sku: str
    middle: str
    day: str


async def console(assignment: Assignment) -> list[Row]:
    """A row for the building, one for what a first visit weighs, one for each page."""
    began = perf_counter()
    async with a_year(assignment.url, _ORDERS if assignment.full else _ORDERS_SOON) as app:
        there = f"{await order_count(app):,} orders"
        known = await _known(app)
        await _audited(app)
        built = Figure("seconds", (perf_counter() - began,))
        rows = [assignment.row(f"{there}: built", built.median, (built,))]
        async with signed_in(app) as visitor:
            weight = Figure(
                "first page with its assets, kB", (await visitor.with_assets("/console") / 1000,), _FIRST_KB
            )
            rows.append(assignment.row(f"{there}: first visit", 0.0, (weight,)))
            rows += [row async for row in _pages(assignment, visitor, known)]
    return rows


def paths(known: Known) -> Sequence[tuple[str, str]]:
    """Each page by what it shows."""
    found = "/console/orders?q="
    deep = quote_plus(known.middle)
    return (
        ("board", "/console"),
        ("work list", "/console/work"),
        *((f"work list: {kind}", f"/console/work?kind={kind}") for kind in ("pick", "hand_over", "case", "late")),
        ("orders, newest", "/console/orders"),
        ("orders, from the middle on", f"/console/orders?cursor={deep}"),
        *((f"orders: {stage}", f"/console/orders?stage={stage}") for stage in ("delivered", "shipping", "canceled")),
        ("orders: a rare payment", "/console/orders?payment=refunded"),
        ("orders: late, soonest due", "/console/orders?late=1&sort=due"),
        ("orders: of a day long ago", f"/console/orders?since={known.day}&until={known.day}"),
        ("search: a number", f"{found}{known.large}"),
        ("search: what all have", f"{found}customer"),
        ("search: two words", f"{found}customer+{known.common_sku}"),
        ("search: all have, none is so", f"{found}customer&payment=voided"),
        ("search: soonest due", f"{found}customer&sort=due"),
        ("search: an e-mail address", f"{found}{quote_plus(known.email)}"),
        ("search: a common SKU", f"{found}{known.common_sku}"),
        ("search: a rare SKU", f"{found}{known.rare_sku}"),
        ("search: a tracking number", f"{found}{known.tracking}"),
        ("search: what none has", f"{found}nobodyhere"),
        ("an order of few lines", f"/console/orders/{known.small}"),
        ("an order of many lines", f"/console/orders/{known.large}"),
        ("many at once, preview", f"/console/orders/bulk?act=order.note&order={known.small}&order={known.large}"),
        ("stock", "/console/stock"),
        ("stock, searched", f"/console/stock?q={known.common_sku}"),
        ("an item", f"/console/stock/item?sku={known.common_sku}"),
        ("stock import", "/console/stock/import"),
        ("numbers, 30 days", "/console/numbers?days=30"),
        ("numbers, 365 days", "/console/numbers?days=365"),
        ("system", "/console/system"),
        ("staff", "/console/staff"),
        ("keys", "/console/keys"),
        ("account", "/console/account"),
        ("audit", "/console/audit"),
        ("audit: of an order", "/console/audit?about=order&id=" + known.small),
        ("audit: of a rare kind", "/console/audit?act=key."),
    )


FILES = (("orders as CSV, first piece", "/console/orders.csv"), ("audit as CSV, first piece", "/console/audit.csv"))


async def _pages(assignment: Assignment, visitor: Visitor, known: Known) -> AsyncIterator[Row]:
    asked = [(name, path, visitor.see) for name, path in paths(known)]
    asked += [(name, path, visitor.begin) for name, path in FILES]
    for name, path, look in asked:
        seen = [await look(path) for _ in range(_WARM + _ASKED)][_WARM:]
        took = [one.ms for one in seen]
        figures = (
            Figure("median ms", tuple(took)),
            Figure("p95 ms", (quantiles(took, n=20)[-1],), _PAGE_MS),
            Figure("kB sent", (seen[-1].sent_bytes / 1000,)),
        )
        yield assignment.row(name, sum(took) / 1000, figures)


async def _known(app: App) -> Known:
    """Copies are orders like others: they keep the laws, and search finds them by what is their own."""
    async with app.database.read() as tx:
        ids = await ledger.order_ids(tx, "", _SAMPLE)
        middle = first_id("ord", (moment_ms_of(ids[0]) + to_ms(app.clock.now())) // 2)
        orders = await ledger.load_orders(tx, ids)
        await _check(app, ids)
        by_size = sorted(orders.values(), key=lambda order: (len(order.lines), order.id))
        skus = Counter(line.sku for order in orders.values() for line in order.lines)
        large = by_size[-1]
        records = await app.overview.records(tx, await app.overview.story(tx, by_size[len(by_size) // 2].id))
        return Known(
            small=by_size[0].number,
            large=large.number,
            email=large.buyer.email,
            tracking=records.shipments[0].tracking_number,
            common_sku=skus.most_common(1)[0][0],
            rare_sku=skus.most_common()[-1][0],
            middle=written((-1, middle)),
            day=f"{large.placed_at:%Y-%m-%d}",
        )


async def _check(app: App, ids: Sequence[OrderId]) -> None:
    async with app.database.read() as tx:
        orders, told = await ledger.load_orders(tx, ids), await ledger.load_facts(tx, ids)
        standings = await ledger.standings(tx, ids)
    for order_id, order in orders.items():
        assert refold(order, told[order_id]) == standings[order_id], order_id
        assert not list(fold.broken(standings[order_id])), order_id
    for order in list(orders.values())[::_SEARCHED_ONE_IN]:
        await _check_found(app, order)


async def _check_found(app: App, order: Order) -> None:
    async with app.database.read() as tx:
        for text in (order.number, f"{order.buyer.email} {order.lines[0].sku}"):
            page = await app.overview.orders(tx, OrderQuery(text=text), app.clock.now())
            assert order.id in [row.order_id for row in page.rows], (text, order.id)


async def _audited(app: App) -> None:
    """A long trail: a note for every order of the newest, by one of many people."""
    async with app.database.begin() as tx:
        lines = await ledger.newest(tx, LAST_ID, _AUDITED)
        people = [replace(COMMAND, kind=ActorKind.STAFF, id=f"stf_{n}", name=f"Person {n}") for n in range(_PEOPLE)]
        entries = [
            entry(
                people[n % _PEOPLE], "note.add", ("order", line.number), from_ms(line.since_ms), Change(after="A note")
            )
            for n, line in enumerate(lines)
        ]
        await Access().record(tx, entries)
