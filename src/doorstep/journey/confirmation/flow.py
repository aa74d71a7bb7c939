"""Confirmation's use cases."""

from collections.abc import Sequence

from doorstep.jobs.model import Task
from doorstep.journey import facts as f
from doorstep.journey.confirmation.model import (
    ACCEPTANCE,
    AuthorizedSlip,
    HoldDecision,
    confirm_fact,
    decide_hold,
    hold_fact,
    reject_fact,
    state_of,
    why_hold,
)
from doorstep.journey.ledger.book import Ledger, Page
from doorstep.journey.standing import holds_of
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId
from doorstep.stock.flow import Shelf
from doorstep.storage.transaction import Tx


class Confirmation:
    """Accepts paid orders and promises their stock."""

    def __init__(self, ledger: Ledger, shelf: Shelf) -> None:
        self._ledger = ledger
        self._shelf = shelf

    async def confirm(self, tx: Tx, tasks: Sequence[Task[AuthorizedSlip]]) -> None:
        """Confirm orders whose money is guaranteed; hold those that a person should see first."""
        await self._confirm(tx, tasks, reviewed=False)

    async def confirm_reviewed(self, tx: Tx, tasks: Sequence[Task[AuthorizedSlip]]) -> None:
        """Confirm orders that a person has let go on."""
        await self._confirm(tx, tasks, reviewed=True)

    async def decide(self, tx: Tx, decisions: Sequence[HoldDecision]) -> list[f.Fact | DoorstepError]:
        """A person decides about held orders."""
        page = await self._ledger.open(tx, [decision.order_id for decision in decisions])
        decided = [decide_hold(decision, page[decision.order_id]) for decision in decisions]
        facts = [one for one in decided if isinstance(one, f.Fact)]
        await self._free(tx, page, [fact for fact in facts if isinstance(fact, f.OrderRejected)])
        await page.append(facts)
        return list(decided)

    async def end_holds(self, tx: Tx, tasks: Sequence[Task[AuthorizedSlip]]) -> None:
        """Reject orders that nobody decided about in time."""
        page = await self._ledger.open(tx, [task.body.order_id for task in tasks])
        late = [
            reject_fact(
                task.body.order_id, task.at, page[task.body.order_id].balance.payment_id, "not reviewed in time"
            )
            for task in tasks
            if page[task.body.order_id].held
        ]
        await self._free(tx, page, late)
        await page.append(late)

    async def _confirm(self, tx: Tx, tasks: Sequence[Task[AuthorizedSlip]], *, reviewed: bool) -> None:
        ids = [task.body.order_id for task in tasks]
        page, orders = await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)
        facts: list[f.Fact] = []
        accepted: dict[OrderId, Task[AuthorizedSlip]] = {}
        for task in tasks:
            order, standing = orders[task.body.order_id], page[task.body.order_id]
            plan = self._ledger.plans[order.plan_version]
            if standing.ended:
                facts.append(
                    reject_fact(order.id, task.at, standing.balance.payment_id, "paid after the order had lapsed")
                )
            elif not ACCEPTANCE.allows(state_of(standing), "confirm"):
                continue
            elif not reviewed and (reason := why_hold(order, plan)):
                facts.append(hold_fact(order, task.at, reason, plan))
            else:
                accepted[order.id] = task
        holds = {order_id: holds_of(order_id, page[order_id]) for order_id in accepted}
        sources = await self._shelf.commit(tx, {key: accepted[i].at for i, keys in holds.items() for key in keys})
        for order_id, task in accepted.items():
            balance, order = page[order_id].balance, orders[order_id]
            if all(key in sources for key in holds[order_id]):
                held = [source for key in holds[order_id] for source in sources[key]]
                facts.append(confirm_fact(order, task.at, balance, held, self._ledger.plans[order.plan_version]))
            else:
                facts.append(reject_fact(order_id, task.at, balance.payment_id, "the hold on its stock had passed"))
        await page.append(facts)

    async def _free(self, tx: Tx, page: Page, rejected: Sequence[f.OrderRejected]) -> None:
        freed = [(key, fact.at) for fact in rejected for key in holds_of(fact.order_id, page[fact.order_id])]
        await self._shelf.let_go(tx, dict(freed))
