"""What lists are made of, made again from orders and facts: headlines and search terms, a page at a time.

Each page is a transaction of its own. A rebuild that is stopped has kept the pages that were done; begun again it goes
through them and finds nothing to do there. It may run while the store is at work: orders are locked as by any flow.
"""

from collections.abc import Callable, Sequence

from doorstep.journey.facts import Fact, LabelBought
from doorstep.journey.ledger import store as ledger
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.order import Order
from doorstep.journey.overview.story import refold
from doorstep.journey.search import store as search
from doorstep.journey.search.model import Term, parcel_terms, terms_of
from doorstep.journey.standing import due_ms
from doorstep.kernel.ids import OrderId
from doorstep.storage.database import Database
from doorstep.storage.transaction import Tx

_PAGE = 200


async def rebuild(database: Database, book: Ledger, progress: Callable[[int], None], *, only_old: bool = False) -> int:
    """Make headlines and terms of all orders again, or `only_old` ones: those of a program that did not know all
    columns. Tells how many were looked at after each page; returns how many headlines were not as they should be.
    """
    after, wrong = "", 0
    while True:
        async with database.begin() as tx:
            ids = await (ledger.unbuilt if only_old else ledger.order_ids)(tx, after, _PAGE)
            if not ids:
                return wrong
            wrong += await _rebuild_page(tx, book, ids)
        after = ids[-1]
        progress(len(ids))


async def is_needed(database: Database) -> bool:
    """Whether there are orders of a program that did not know all columns of headlines."""
    async with database.read() as tx:
        return bool(await ledger.unbuilt(tx, "", 1))


async def _rebuild_page(tx: Tx, book: Ledger, ids: Sequence[OrderId]) -> int:
    await ledger.lock(tx, ids)
    orders = await ledger.load_in_force(tx, ids)
    await book.plans.ensure(tx, {order.plan_version for order in orders.values()})
    told = await ledger.load_facts(tx, ids)
    there = await ledger.headline_rows(tx, ids)
    standings = {i: refold(order, told.get(i, [])) for i, order in orders.items()}
    made = [(order, standings[i], due_ms(standings[i], book.plans[order.plan_version])) for i, order in orders.items()]
    wrong = [(o, s, due) for o, s, due in made if there.get(o.id) != (*ledger.derived(s, due), o.plan_version)]
    await ledger.rebuild_headlines(tx, wrong)
    terms = [term for order in orders.values() for term in _terms(order, [fact for _, fact in told.get(order.id, [])])]
    await search.insert(tx, terms)
    return len(wrong)


def _terms(order: Order, facts: Sequence[Fact]) -> list[Term]:
    labels = [fact.tracking_number for fact in facts if isinstance(fact, LabelBought)]
    return [*terms_of(order), *(term for number in labels for term in parcel_terms(order.id, number))]
