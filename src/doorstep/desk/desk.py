"""The desk: permission, flow and audit of every act in one transaction, for one or for many."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from doorstep.access.model.audit import Change, Entry, entry
from doorstep.desk.crew import Crew
from doorstep.desk.model import About, Act, Done, Errand, Outcome, Report, Wish, changed_since, check, differing
from doorstep.desk.once import Once
from doorstep.jobs.halving import in_halves
from doorstep.journey.ledger import store as ledger
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import DoorstepError, Missing, Refused
from doorstep.kernel.ids import OrderId
from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx

MANY_MAX = 200
Opened = list[Errand[Any] | DoorstepError]


class Undone(Exception):
    """What a transaction would have come to that is undone on purpose."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__("undone on purpose")
        self.outcomes = outcomes


class Desk:
    """Where people and programs have things done."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.once = Once(crew.database, crew.clock)

    async def ask(self, act: Act[Any], wish: Wish[Any]) -> Done:
        """Do something once, in a transaction of its own; raises the expected error when it is refused."""
        (outcome,) = await self.ask_all(act, [wish])
        return done(outcome)

    async def ask_all(self, act: Act[Any], wishes: Sequence[Wish[Any]]) -> list[Outcome]:
        """Do the same to many; for each what came of it, or why it was refused. A refusal stops nothing else."""
        return await self._ask_all(act, wishes, keep=True)

    async def preview(self, act: Act[Any], wishes: Sequence[Wish[Any]]) -> list[Outcome]:
        """What asking would come to. It is decided and done as it would be, and undone before anything is kept."""
        return await self._ask_all(act, wishes, keep=False)

    async def perform(self, tx: Tx, act: Act[Any], wishes: Sequence[Wish[Any]]) -> list[Outcome]:
        """The same inside the caller's transaction, which should be undone when this raises."""
        for wish in wishes:
            check(act, wish)
        at = self.crew.clock.now()
        if act.about is not About.ORDER:
            opened: Opened = [self._errand(wish, at) for wish in wishes]
            return await self._finish(tx, act, list(zip(wishes, opened, strict=True)), {})
        opened, before = await self._open(tx, wishes, at)
        return await self._finish(tx, act, list(zip(wishes, opened, strict=True)), before)

    async def _ask_all(self, act: Act[Any], wishes: Sequence[Wish[Any]], *, keep: bool) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}

        async def commit(batch: Sequence[int]) -> None:
            outcomes.update(zip(batch, await self._batch(act, [wishes[i] for i in batch], keep=keep), strict=True))

        async def failed(index: int, error: Exception) -> None:
            if not isinstance(error, DoorstepError):
                raise error
            outcomes[index] = error

        await in_halves(range(len(wishes)), commit, failed)
        return [outcomes[index] for index in range(len(wishes))]

    async def _batch(self, act: Act[Any], wishes: Sequence[Wish[Any]], *, keep: bool) -> Sequence[Outcome]:
        try:
            async with self.crew.database.begin(Priority.REQUEST) as tx:
                outcomes = await self.perform(tx, act, wishes)
                _kept(outcomes, keep=keep)
        except Undone as undone:
            return undone.outcomes
        return outcomes

    async def _open(
        self, tx: Tx, wishes: Sequence[Wish[Any]], at: datetime
    ) -> tuple[Opened, Mapping[OrderId, Standing]]:
        """Lock the orders and judge whether each is as its person saw it."""
        ids = await _ids(tx, [wish.order for wish in wishes])
        orders = await self.crew.ledger.orders(tx, ids.values())
        page = await self.crew.ledger.open(tx, orders)
        opened: Opened = []
        seen: set[OrderId] = set()
        for wish in wishes:
            order = orders.get(ids[wish.order])
            if order is None:
                opened.append(Missing("no_such_order", f"There is no order {wish.order}."))
            elif order.id in seen:
                opened.append(Refused("named_twice", f"Order {order.number} is named twice."))
            elif wish.expected not in (None, version := page[order.id].seq):
                told = (await ledger.load_facts(tx, [order.id]))[order.id]
                kinds = [fact.kind for seq, fact in told if seq > (wish.expected or 0)]
                opened.append(changed_since(order, wish.expected or 0, kinds, version))
            else:
                seen.add(order.id)
                opened.append(self._errand(wish, at, order))
        return opened, page.standings

    def _errand(self, wish: Wish[Any], at: datetime, order: Any = None) -> Errand[Any]:
        return Errand(
            actor=wish.actor,
            body=wish.body,
            at=at,
            name=self.crew.new_id("act"),
            found=order,
            request_id=wish.request_id,
        )

    async def _finish(
        self,
        tx: Tx,
        act: Act[Any],
        pairs: Sequence[tuple[Wish[Any], Errand[Any] | DoorstepError]],
        before: Mapping[OrderId, Standing],
    ) -> list[Outcome]:
        """Have the flow do what is left to be done, and write it down."""
        errands = [errand for _, errand in pairs if isinstance(errand, Errand)]
        reports = dict(zip([one.name for one in errands], await act.run(self.crew, tx, errands), strict=True))
        after = await ledger.standings(tx, [errand.found.id for errand in errands if errand.found])
        outcomes: list[Outcome] = []
        entries: list[Entry] = []
        for wish, errand in pairs:
            report = reports[errand.name] if isinstance(errand, Errand) else errand
            if isinstance(errand, DoorstepError) or isinstance(report, DoorstepError):
                outcomes.append(report)  # type: ignore[arg-type]
                continue
            change = _change(wish, errand, report, (before, after))
            about = errand.found.id if errand.found else report.about
            if not report.is_written_down:
                entries.append(entry(wish.actor, act.name, (act.about.value, about), errand.at, change))
            outcomes.append(_done(act, about, report, after))
        await self.crew.access.record(tx, entries)
        return outcomes


def _kept(outcomes: Sequence[Outcome], *, keep: bool) -> None:
    if not keep:
        raise Undone(outcomes)


def done(outcome: Outcome) -> Done:
    """What is done; raises why it is not."""
    if isinstance(outcome, DoorstepError):
        raise outcome
    return outcome


async def _ids(tx: Tx, names: Iterable[str]) -> dict[str, OrderId]:
    """Orders' ids by the names that people use."""
    wanted = set(names)
    numbers = await ledger.ids_by_number(tx, sorted(name for name in wanted if not name.startswith("ord_")))
    return {name: numbers.get(name, OrderId(name)) for name in wanted}


def _change(
    wish: Wish[Any],
    errand: Errand[Any],
    report: Report,
    standings: tuple[Mapping[OrderId, Standing], Mapping[OrderId, Standing]],
) -> Change:
    before, after = report.before, report.after
    if errand.found and not (before or after):
        before, after = differing(standings[0][errand.found.id], standings[1][errand.found.id])
    return Change(wish.body.reason.strip(), before, after, wish.request_id)


def _done(act: Act[Any], about: str, report: Report, after: Mapping[OrderId, Standing]) -> Done:
    version = after[OrderId(about)].seq if act.about is About.ORDER else None
    return Done(act=act.name, about=about, says=report.says, made=report.made, version=version, answer=report.answer)
