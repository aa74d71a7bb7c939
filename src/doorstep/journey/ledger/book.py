"""The ledger: facts go in, are checked against the laws, and what follows from them is enqueued, all or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from doorstep.jobs.model import NewJob
from doorstep.jobs.queue import Queue
from doorstep.journey import standing as fold
from doorstep.journey.facts import Fact, LabelBought
from doorstep.journey.ledger import store
from doorstep.journey.order import Order
from doorstep.journey.plans.book import PlanBook
from doorstep.journey.search import store as search
from doorstep.journey.search.model import parcel_terms, terms_of
from doorstep.journey.standing import Standing
from doorstep.journey.units import concerns
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import LawBroken
from doorstep.kernel.ids import OrderId
from doorstep.live.teller import BOARD, Note, nobody, order_topic
from doorstep.storage.transaction import Tx

_ORDERS_KEPT = 4096


class Follow(Struct, frozen=True):
    """A job that follows a fact: its kind, the field of the fact that says when it is due (none: at once), and the
    field that must not be empty or 0 for it to follow at all (none: it always does). It does not follow when `unless`
    is not empty.
    """

    job: str
    due: str = ""
    when: str = ""
    unless: str = ""


class AboutOrder(Protocol):
    """Anything that is about one order."""

    @property
    def order_id(self) -> OrderId: ...


About = TypeVar("About", bound=AboutOrder)
SomeFact = TypeVar("SomeFact", bound=Fact)


def in_turns(items: Sequence[About]) -> list[list[About]]:
    """Items in turns of at most one for each order, so that a later one is decided on what an earlier one left.

    Of items that say the very same there is one: a report that comes twice in a batch is decided once.
    """
    turns: list[list[About]] = []
    taken: dict[OrderId, int] = {}
    for item in dict.fromkeys(items):
        turn = taken.get(item.order_id, 0)
        taken[item.order_id] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(item)
    return turns


Follows = Mapping[type[Fact], tuple[Follow, ...]]


class Ledger:
    """Where facts are appended. It knows which jobs follow from a fact, and nothing of what they do.

    It notes which orders changed, for whoever watches them.
    """

    def __init__(self, queue: Queue, follows: Follows, plans: PlanBook, note: Note = nobody) -> None:
        self.plans = plans
        self.note = note
        self._queue = queue
        self._follows = follows
        self._orders: dict[OrderId, Order] = {}

    async def record(self, tx: Tx, placed: Sequence[tuple[Order, Fact]]) -> set[OrderId]:
        """Write new orders with their first fact; returns those that were not there yet."""
        distinct = {order.id: (order, fact) for order, fact in placed}
        fresh = await store.insert_orders(tx, [order for order, _ in distinct.values()])
        new = {order.id: order for order, _ in distinct.values() if order.id in fresh}
        await self.plans.ensure(tx, {order.plan_version for order in new.values()})
        await search.insert(tx, [term for order in new.values() for term in terms_of(order)])
        page = Page(self, tx, _begun(new.values()), new)
        await page.append([distinct[order_id][1] for order_id in new])
        tx.after_commit(lambda: self._keep(new))
        return set(new)

    async def open(self, tx: Tx, ids: Iterable[OrderId]) -> "Page":
        """Lock orders and read how they stand. What is then decided and appended holds together."""
        locked = await store.lock(tx, ids)
        if not all(locked.versions.values()):  # a headline of before versions were kept there
            old = [order_id for order_id, version in locked.versions.items() if not version]
            locked.versions.update({i: o.plan_version for i, o in (await self.orders(tx, old)).items()})
        await self.plans.ensure(tx, locked.versions.values())
        return Page(self, tx, locked)

    async def orders(self, tx: Tx, ids: Iterable[OrderId]) -> dict[OrderId, Order]:
        """Orders by id as they are in force, their plans at hand: the one place where a change becomes the order.

        What was placed never changes, so the latest are kept in memory.
        """
        wanted = set(ids)
        found = {order_id: self._orders[order_id] for order_id in wanted & self._orders.keys()}
        loaded = await store.load_orders(tx, wanted - found.keys())
        await self.plans.ensure(tx, {order.plan_version for order in loaded.values()})
        self._keep(loaded)
        return found | loaded | await store.load_amended(tx, wanted)

    async def amend(self, tx: Tx, changed: Sequence[tuple[Order, str, int]]) -> None:
        """Put orders in force as they are after a change; which change, and how many there were before it."""
        await store.insert_amended(tx, changed)
        await search.insert(tx, [term for order, _, _ in changed for term in terms_of(order)])

    async def told(self, tx: Tx, keys: Iterable[store.FactKey]) -> dict[store.FactKey, Fact]:
        """Facts by their natural keys."""
        return await store.earlier(tx, keys)

    async def enqueue(self, tx: Tx, facts: Sequence[Fact], jobs: Sequence[NewJob]) -> None:
        """Enqueue what follows from facts, and other jobs."""
        await self._queue.enqueue(tx, [*(job for fact in facts for job in self._following(fact)), *jobs])

    def _keep(self, orders: Mapping[OrderId, Order]) -> None:
        if len(self._orders) + len(orders) > _ORDERS_KEPT:
            self._orders = {}
        self._orders.update(orders)

    def _following(self, fact: Fact) -> Iterable[NewJob]:
        follows = self._follows.get(type(fact), ())
        if not follows:
            return
        body, name = store.encode(fact), f"{fact.order_id}:{fact.kind}:{fact.cause}"
        for follow in follows:
            if follow.when and not getattr(fact, follow.when):
                continue
            if follow.unless and getattr(fact, follow.unless):
                continue
            due = to_ms(getattr(fact, follow.due) if follow.due else fact.at)
            yield NewJob(follow.job, f"{follow.job}:{name}", body, due, fact.order_id)


class Page:
    """Some orders, locked or not there yet, and how they stand while facts are being added."""

    def __init__(
        self, ledger: Ledger, tx: Tx, locked: store.Locked, new: Mapping[OrderId, Order] | None = None
    ) -> None:
        self.standings = locked.standings
        self._versions = locked.versions
        self._ledger = ledger
        self._tx = tx
        self._new = new or {}

    def __getitem__(self, order_id: OrderId) -> Standing:
        return self.standings[order_id]

    async def append(self, facts: Sequence[Fact], jobs: Sequence[NewJob] = ()) -> list[Fact]:
        """Append facts, derive headlines and enqueue what follows. Returns the facts that were not there yet.

        Raises LawBroken, and writes nothing, when a law of units or money would not hold.
        """
        distinct = {(fact.order_id, fact.kind, fact.cause): fact for fact in facts}
        numbered = self._numbered(distinct.values())
        fresh = await store.insert_facts(self._tx, numbered)
        news = [(fact, seq) for fact, seq in numbered if (fact.order_id, fact.kind, fact.cause) in fresh]
        for fact, seq in news:
            fold.apply(self.standings[fact.order_id], fact, seq)
        touched = {fact.order_id: self.standings[fact.order_id] for fact, _ in news}
        _check(touched, {fact.order_id for fact, _ in news if concerns(fact)})
        await self._save(touched)
        if touched:
            self._ledger.note(self._tx, [BOARD, *map(order_topic, touched)])
        told = [fact for fact, _ in news]
        if labels := [fact for fact in told if isinstance(fact, LabelBought)]:
            await search.insert(
                self._tx, [t for one in labels for t in parcel_terms(one.order_id, one.tracking_number)]
            )
        await self._ledger.enqueue(self._tx, told, jobs)
        return told

    async def earlier(self, kind: type[SomeFact], causes: Iterable[tuple[OrderId, str]]) -> dict[str, SomeFact]:
        """Facts of a kind that were told before, by cause: a request that comes twice is answered as it was."""
        keys = [(order_id, kind.__name__, cause) for order_id, cause in causes]
        found = await store.earlier(self._tx, keys)
        return {key[2]: fact for key, fact in found.items() if isinstance(fact, kind)}

    async def _save(self, touched: Mapping[OrderId, Standing]) -> None:
        changed = [(order_id, standing, self._due(order_id, standing)) for order_id, standing in touched.items()]
        await store.insert_headlines(self._tx, [(self._new[i], s, due) for i, s, due in changed if i in self._new])
        await store.update_headlines(self._tx, (one for one in changed if one[0] not in self._new))

    def _due(self, order_id: OrderId, standing: Standing) -> int:
        return fold.due_ms(standing, self._ledger.plans[self._versions[order_id]])

    def _numbered(self, facts: Iterable[Fact]) -> list[tuple[Fact, int]]:
        latest: dict[OrderId, int] = {}
        numbered = []
        for fact in facts:
            seq = latest.get(fact.order_id, self.standings[fact.order_id].seq) + 1
            latest[fact.order_id] = seq
            numbered.append((fact, seq))
        return numbered


def _begun(new: Iterable[Order]) -> store.Locked:
    """Orders of which nothing is told yet."""
    return store.Locked({o.id: fold.start(o) for o in new}, {o.id: o.plan_version for o in new})


def _check(touched: Mapping[OrderId, Standing], goods_moved: set[OrderId]) -> None:
    for order_id, standing in touched.items():
        if said := fold.broken(standing, goods_moved=order_id in goods_moved):
            raise LawBroken("law_broken", f"{order_id}: {'; '.join(said)}.", {"order": order_id})
