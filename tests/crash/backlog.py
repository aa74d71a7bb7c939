"""A backlog of orders that several processes share, and what must have become of it in the end."""

from pathlib import Path

from doorstep.jobs import store as jobs
from doorstep.journey.ledger import store as ledger
from doorstep.storage.database import Database
from tests.an_order import a_plan, open_store, running
from tests.an_order import backlog as placed_backlog

PLAN = a_plan(capture="confirmation")
COUNT = 300


async def open_backlog(url: str, books: Path, count: int = COUNT) -> None:
    """Place orders, and leave all that follows to others."""
    async with open_store(url, PLAN, books=books) as store:
        await placed_backlog(store, count)


async def expect_each_done_once(url: str, books: Path) -> None:
    """Each order is charged once, confirmed and released once, and told of once."""
    async with running(url, PLAN, books=books) as store:
        async with store.app.database.read() as tx:
            ids = await ledger.order_ids(tx, "", COUNT + 1)
            told = await ledger.load_facts(tx, ids)
        kinds = {tuple(sorted(fact.kind for _, fact in facts)) for facts in told.values()}
        assert kinds == {
            ("FulfillmentReleased", "OrderConfirmed", "OrderPlaced", "PaymentAuthorized", "PaymentCaptured")
        }
        moved = [(one.act, one.order_number) for one in store.bank.books()]
        assert (len(told), len(moved), len(set(moved))) == (COUNT, 2 * COUNT, 2 * COUNT)
        assert len(store.mail.messages()) == len({one.order_number for one in store.mail.messages()}) == COUNT
        assert await store.broken() == []


async def held_jobs(url: str) -> int:
    """How many jobs are still marked as some process's own."""
    database = Database(url)
    await database.open()
    async with database.read() as tx:
        counts = await jobs.counts(tx)
    await database.close()
    return sum(held for _, held, _ in counts.values())
