"""The reading side: one order across all stages, lists, the board, the work list. Nothing is changed here."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from doorstep.jobs import store as jobs
from doorstep.journey.care import store as care
from doorstep.journey.fulfillment import store as fulfillment
from doorstep.journey.ledger import store
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.overview.board import Column, columns, ended_since
from doorstep.journey.overview.listing import LAST_ID, page
from doorstep.journey.overview.lists import OrderQuery, Row, RowPage
from doorstep.journey.overview.shelves import (
    HistoryPage,
    ShelfItem,
    ShelfPage,
    ShelfQuery,
    history_page,
    shelf_item,
    shelf_page,
)
from doorstep.journey.overview.story import (
    Happened,
    PaymentStep,
    Records,
    Seen,
    Story,
    causes_of,
    deadline_of,
    ids_in,
    owner_of,
    payment_step,
)
from doorstep.journey.overview.work import WorkPage, WorkQuery
from doorstep.journey.overview.working import work_page
from doorstep.journey.payment import store as payments
from doorstep.journey.placement.store import changes
from doorstep.journey.returns import store as returns
from doorstep.journey.shipping import store as shipping
from doorstep.journey.standing import ENDS
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import OrderId
from doorstep.messages import store as messages
from doorstep.stock import store as stock
from doorstep.storage.database import Database
from doorstep.storage.transaction import Tx

T = TypeVar("T")
_EXPORTED_AT_ONCE = 200


class Overview:
    """Reads; it changes nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def story(self, tx: Tx, name: str) -> Story:
        """One order, by its id or its public number."""
        order_id = await self._id_of(tx, name)
        order = (await self._ledger.orders(tx, [order_id])).get(order_id)
        if order is None:
            raise Missing("no_such_order", f"There is no order {name}.")
        standing = (await store.standings(tx, [order_id]))[order_id]
        told = (await store.load_facts(tx, [order_id])).get(order_id, [])
        said = await messages.of_order(tx, order_id)
        plan = self._ledger.plans[order.plan_version]
        return Story(
            order=order,
            standing=standing,
            facts=tuple(fact for _, fact in told),
            notices=tuple(said),
            owner=owner_of(standing),
            deadline=deadline_of(standing, plan),
        )

    async def records(self, tx: Tx, story: Story) -> Records:
        """What the stages keep about an order whose story was read."""
        facts, order_id, units = story.facts, story.order.id, story.standing.units
        cases = await care.load_cases(tx, ids_in(facts, "case_id"))
        questions = await care.load_questions(tx, ids_in(facts, "question_id"))
        paid = await payments.load(tx, ids_in(facts, "payment_id"))
        seen = await shipping.seen(tx, units.parcels)
        return Records(
            plan=self._ledger.plans[story.order.plan_version],
            fulfillments=_in_order(await fulfillment.load(tx, units.promises), units.promises),
            shipments=_in_order(await shipping.load(tx, units.parcels), units.parcels),
            tracking=tuple(Seen(one[0], one[1], from_ms(one[2]), one[3], one[4]) for one in sorted(seen, key=_when)),
            returns=tuple(await returns.of_order(tx, order_id)),
            cases=_in_order(cases, ids_in(facts, "case_id")),
            questions=_in_order(questions, ids_in(facts, "question_id")),
            payments=_in_order(paid, ids_in(facts, "payment_id")),
            calls=tuple((await payments.calls_of_orders(tx, [order_id])).get(order_id, [])),
            movements=tuple(await stock.caused(tx, causes_of(story.order, facts))),
            jobs=tuple(await jobs.about(tx, order_id)),
            notes=tuple(await care.notes_of(tx, order_id)),
            changes=tuple(await changes.of_order(tx, order_id)),
        )

    async def number(self, tx: Tx, name: str) -> tuple[OrderId, int]:
        """The id of an order, by its id or its public number, and the number of its latest fact."""
        order_id = await self._id_of(tx, name)
        standing = (await store.standings(tx, [order_id])).get(order_id)
        if standing is None:
            raise Missing("no_such_order", f"There is no order {name}.")
        return order_id, standing.seq

    async def numbers(self, tx: Tx, ids: Iterable[OrderId]) -> Mapping[OrderId, str]:
        """The public numbers of orders; of those that do not exist none."""
        return {order_id: line.number for order_id, line in (await store.headlines_of(tx, ids)).items()}

    async def since(self, tx: Tx, order_id: OrderId, after: int) -> list[Happened]:
        """What happened to an order after the fact of a number."""
        found = await store.facts_since(tx, order_id, after)
        return [Happened(number, kind, from_ms(at_ms)) for number, kind, at_ms in found]

    async def newest(self, tx: Tx, *, before: str = "", most: int = 50, stage: str = "") -> list[store.Headline]:
        """Orders from the newest to the oldest, before a given id."""
        return await store.newest(tx, before or LAST_ID, most, stage)

    async def orders(self, tx: Tx, query: OrderQuery, now: datetime) -> RowPage:
        """A page of the orders that are asked for; at most 2,000 are looked at for it."""
        return await page(tx, query, now, await self._lapse(tx))

    async def all_orders(self, database: Database, query: OrderQuery, now: datetime) -> AsyncIterator[Sequence[Row]]:
        """All orders that are asked for, some at a time and in a transaction each, for files of any length."""
        cursor: str | None = query.after
        while cursor is not None:
            async with database.read() as tx:
                one = await self.orders(tx, replace(query, most=_EXPORTED_AT_ONCE, after=cursor), now)
            if one.rows:
                yield one.rows
            cursor = one.next_cursor

    async def work(self, tx: Tx, query: WorkQuery, now: datetime) -> WorkPage:
        """What waits for a person, the most urgent first."""
        return await work_page(tx, query, now)

    async def shelves(self, tx: Tx, query: ShelfQuery) -> ShelfPage:
        """A page of items with their balances at all locations."""
        return await shelf_page(tx, query)

    async def item(self, tx: Tx, sku: str) -> ShelfItem:
        """One item with its balances at all locations; Missing when there is none of this SKU."""
        return await shelf_item(tx, sku)

    async def item_history(self, tx: Tx, sku: str, after: str = "", most: int = 50) -> HistoryPage:
        """What left the shelves or came to them of an item, the latest first."""
        return await history_page(tx, sku, after, most)

    async def payment(self, tx: Tx, order_id: OrderId) -> PaymentStep:
        """How the payment of an order that exists stands."""
        standing = (await store.standings(tx, [order_id]))[order_id]
        if standing.balance.state not in ("declined", "action_required"):
            return payment_step(standing, ())
        told = (await store.load_facts(tx, [order_id]))[order_id]
        return payment_step(standing, [fact for _, fact in told])

    async def open_by_plan(self, tx: Tx) -> Mapping[str, int]:
        """How many open orders are pinned to each version of the plan."""
        return await store.open_by_plan(tx)

    async def board(self, tx: Tx, now: datetime) -> list[Column]:
        """Every stage in the order of the journey, with what is in it; of ends, what began in the last 30 days."""
        found = await store.open_stages(tx, to_ms(now))
        since = ended_since(now)
        return columns(found, {stage: await store.count(tx, stage, since) for stage in ENDS})

    async def _id_of(self, tx: Tx, name: str) -> OrderId:
        order_id = OrderId(name)
        if name.startswith("ord_"):
            return order_id
        return (await store.ids_by_number(tx, [name])).get(name, order_id)

    async def _lapse(self, tx: Tx) -> timedelta:
        """How long a checkout lives at most, under any plan that orders were placed under."""
        return timedelta(minutes=max(one.placement.checkout_lapses_minutes for one in await self._ledger.plans.all(tx)))


def _in_order(found: Mapping[str, T], ids: Iterable[str]) -> tuple[T, ...]:
    return tuple(found[one] for one in ids if one in found)


def _when(seen: tuple[str, str, int, str, str]) -> tuple[int, str]:
    return seen[2], seen[1]
