"""The conversation with the shopper of an open checkout: what they answer, what happens when they do not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from doorstep.jobs.model import Task
from doorstep.journey.codes.flow import Codes
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.placement.flow.quotes import LookSlip, OfferSlip, Quotes
from doorstep.journey.placement.model import questions
from doorstep.journey.placement.model.checkout import CHECKOUT, Checkout
from doorstep.journey.placement.model.questions import Answer, Question
from doorstep.journey.placement.store import checkouts as store
from doorstep.kernel.errors import DoorstepError, Missing
from doorstep.kernel.ids import CheckoutId
from doorstep.live.teller import Note, checkout_topic, nobody
from doorstep.stock.flow import Shelf
from doorstep.storage.transaction import Tx


class Look(Struct, frozen=True):
    """A wish to see whether everything is still to be had as the shopper was told."""

    id: CheckoutId
    at: datetime


Said: TypeAlias = Answer | Look


class Conversation:
    """Takes answers, one at a time for each checkout; a deadline and an answer never both count."""

    def __init__(self, ledger: Ledger, shelf: Shelf, codes: Codes, note: Note = nobody) -> None:
        self._ledger = ledger
        self._note = note
        self._quotes = Quotes(ledger, shelf, codes)

    async def hear(self, tx: Tx, said: Sequence[Said]) -> list[Checkout | DoorstepError]:
        """Take answers, and look again at checkouts; tells each as it then is, or why the answer was not taken."""
        told: dict[int, Checkout | DoorstepError] = {}
        for turn in _turns(said):
            locked = await store.lock(tx, [said[index].id for index in turn])
            looks = [index for index in turn if isinstance(said[index], Look)]
            told |= await self._look(tx, [(index, said[index]) for index in looks], locked)
            told |= await self._answer(tx, {i: one for i in turn if isinstance(one := said[i], Answer)}, locked)
        return [told[index] for index in range(len(said))]

    async def apply_defaults(self, tx: Tx, tasks: Sequence[Task[OfferSlip]]) -> None:
        """What was offered and not decided about in time ends as the plan says."""
        plan = self._ledger.plans.in_force
        locked = await store.lock(tx, [task.body.checkout_id for task in tasks])
        for task in tasks:
            before = locked.get(task.body.checkout_id)
            after = before and questions.defaulted(before, task.at, plan)
            if before and after:
                [locked[before.id]] = await self._settle(tx, [(before, after)], task.at)

    async def look_again(self, tx: Tx, tasks: Sequence[Task[LookSlip]]) -> None:
        """Ask shoppers about what was gone when they wanted to complete, unless something was decided since."""
        await self.hear(tx, [Look(task.body.checkout_id, task.at) for task in tasks])

    async def _look(
        self, tx: Tx, looks: Sequence[tuple[int, Said]], locked: Mapping[CheckoutId, Checkout]
    ) -> dict[int, Checkout | DoorstepError]:
        if not looks:
            return {}
        told: dict[int, Checkout | DoorstepError] = {index: _missing(one) for index, one in looks}
        told |= {index: locked[one.id] for index, one in looks if one.id in locked}
        open_ = [(i, locked[one.id]) for i, one in looks if one.id in locked and _may_change(locked[one.id], one.at)]
        after = await self._quotes.price(tx, [checkout for _, checkout in open_], max(one.at for _, one in looks))
        changed = [(i, before, now) for (i, before), now in zip(open_, after, strict=True) if now != before]
        saved = {index: replace(now, version=now.version + 1) for index, _, now in changed}
        await self._save(tx, saved.values())
        return told | saved

    async def _answer(
        self, tx: Tx, answers: Mapping[int, Answer], locked: Mapping[CheckoutId, Checkout]
    ) -> dict[int, Checkout | DoorstepError]:
        if not answers:
            return {}
        told: dict[int, Checkout | DoorstepError] = {}
        taken: dict[int, tuple[Checkout, Checkout]] = {}
        for index, answer in answers.items():
            judged = questions.judge(locked.get(answer.id), answer)
            if isinstance(judged, Question):
                before = locked[answer.id]
                taken[index] = before, questions.answered(before, judged, answer, self._ledger.plans.in_force)
            else:
                told[index] = judged or locked[answer.id]
        settled = await self._settle(tx, list(taken.values()), max(one.at for one in answers.values()))
        return told | dict(zip(taken, settled, strict=True))

    async def _settle(self, tx: Tx, pairs: Sequence[tuple[Checkout, Checkout]], at: datetime) -> list[Checkout]:
        """Save checkouts after answers: priced again, what is not wanted any more free, whoever watches told."""
        if not pairs:
            return []
        await self._quotes.release(tx, [before for before, _ in pairs], [after for _, after in pairs], at)
        priced = await self._quotes.price(tx, [after for _, after in pairs], at)
        saved = [replace(checkout, version=checkout.version + 1) for checkout in priced]
        await self._save(tx, saved)
        return saved

    async def _save(self, tx: Tx, changed: Iterable[Checkout]) -> None:
        saved = list(changed)
        await store.update_all(tx, saved)
        if saved:
            self._note(tx, [checkout_topic(checkout.id) for checkout in saved])


def _turns(said: Sequence[Said]) -> list[list[int]]:
    """The places of what was said, in turns of one for each checkout, so that each is decided on what is then so."""
    turns: list[list[int]] = []
    count: dict[CheckoutId, int] = {}
    for index, one in enumerate(said):
        turn = count.get(one.id, 0)
        count[one.id] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(index)
    return turns


def _may_change(checkout: Checkout, at: datetime) -> bool:
    """Whether a checkout can be priced again; one whose time to answer is over waits for its default."""
    is_open = CHECKOUT.allows(checkout.state, "found_ready") and not checkout.order_id
    return is_open and checkout.expires_at > at and all(one.deadline > at for one in checkout.offerings)


def _missing(one: Said) -> DoorstepError:
    return Missing("no_such_checkout", f"There is no checkout {one.id}.")
