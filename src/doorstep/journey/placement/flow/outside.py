"""Asks services outside what a checkout wants of them: after its commit, with nothing locked, and not for long."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import TypeVar

import structlog

from doorstep.journey.placement.model.checkout import Change, Checkout
from doorstep.journey.placement.model.outside import Answers, TaxQuote
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.journey.plans.book import PlanBook
from doorstep.kernel.clock import Clock
from doorstep.kernel.errors import DoorstepError
from doorstep.plug.loader import Providers
from doorstep.plug.tax import TaxOutcome, TaxRequest, is_whole

CALLS_MAX = 64
"""So many calls are under way at once; who comes then waits for one of them within their own time."""

_log = structlog.get_logger("doorstep.outside")
T = TypeVar("T")
Settle = Callable[[Change], Awaitable[Checkout]]


class OutsideServices:
    """What checkouts are told from outside."""

    def __init__(self, plans: PlanBook, providers: Providers, clock: Clock) -> None:
        self._plans = plans
        self._providers = providers
        self._clock = clock
        self._free = asyncio.Semaphore(CALLS_MAX)

    async def complete(self, checkout: Checkout, settle: Settle) -> Checkout:
        """The checkout with the answers that it wants, as far as they come in time.

        `settle` makes the change that carries them. Where the checkout was closed meanwhile, it stays as it is.
        """
        if not checkout.outside.is_estimated:
            return checkout
        answers = Answers(tax=await self._tax(checkout.outside.tax_wanted))
        if answers == Answers():
            return checkout
        change = Change(checkout.id, self._clock.now(), Wishes(), (), answers=answers)
        try:
            return await settle(change)
        except DoorstepError:
            return checkout

    async def _tax(self, wanted: TaxRequest | None) -> TaxQuote | None:
        rules = self._plans.in_force.tax
        engine = self._providers.taxes.get(rules.provider)
        if wanted is None or engine is None:
            return None
        outcome: TaxOutcome | None = await self._in_time(engine.quote(wanted), rules.timeout_ms / 1000, rules.provider)
        if outcome is None or not is_whole(outcome, wanted):
            return None
        return TaxQuote(wanted, outcome, self._clock.now() + timedelta(minutes=rules.quote_minutes))

    async def _in_time(self, call: Coroutine[object, object, T], seconds: float, who: str) -> T | None:
        """What a call says within a time; nothing when it is late or fails, which is noted."""
        task = asyncio.create_task(self._bounded(call))
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
        finally:
            if not task.done():
                task.cancel()
        if not done:
            _log.warning("no answer in time", provider=who, seconds=seconds)
            return None
        if error := task.exception():
            _log.warning("no answer", provider=who, error=repr(error))
            return None
        return task.result()

    async def _bounded(self, call: Coroutine[object, object, T]) -> T:
        async with self._free:
            return await call
