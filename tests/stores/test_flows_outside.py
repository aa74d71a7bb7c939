"""An engine outside is asked after the commit, once for each cart, and not waited for longer than the plan says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from doorstep.app import Outside, build
from doorstep.journey.placement.model.checkout import Change, Checkout, CheckoutState, Complete
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.plan.price_records import TaxRate, WhenUnavailable
from doorstep.plan.records import Plan
from doorstep.plug.tax import TaxOutcome, TaxRequest
from doorstep.providers.sandbox_tax import SandboxTax
from tests.an_order import _HOME as HOME
from tests.an_order import PLAN, Store, an_order, open_store

TAX = replace(
    PLAN.tax,
    prices_include_tax=False,
    rates=(TaxRate(country="GB", rate="0.20"),),
    provider="sandbox-tax",
    timeout_ms=50,
)
ENGINED = replace(PLAN, tax=TAX)
STRICT = replace(PLAN, tax=replace(TAX, when_unavailable=WhenUnavailable.REFUSE))


class Engine(SandboxTax):
    """The sandbox engine, which counts what it is asked, is silent where it would be slow, and fails on request."""

    def __init__(self) -> None:
        self.asked: list[TaxRequest] = []

    async def quote(self, request: TaxRequest) -> TaxOutcome:
        self.asked.append(request)
        if request.destination.city == "Slough":
            await asyncio.Event().wait()
        if request.destination.city == "Bath":
            raise ConnectionError("the engine is broken")
        return await super().quote(request)


@asynccontextmanager
async def engined(url: str, plan: Plan = ENGINED) -> AsyncIterator[tuple[Store, Engine]]:
    """A store with an engine."""
    async with open_store(url, plan) as store:
        engine = Engine()
        providers = replace(store.app.providers, taxes={engine.name: engine})
        app = build(plan, store.app.database, Outside(providers, store.clock, ""))
        yield replace_app(store, app), engine


def replace_app(store: Store, app: object) -> Store:
    return type(store)(**{**vars(store), "app": app})


async def bought(store: Store, city: str = "Ely", postcode: str = "CB7 4AA") -> Checkout:
    wish = an_order(store).wished()
    address = wish.wishes.address
    assert address is not None
    to = replace(address, city=city, postcode=postcode)
    return await store.app.lanes.create.ask(replace(wish, wishes=replace(wish.wishes, address=to)))


async def completed(store: Store, checkout: Checkout) -> Checkout:
    wish = Complete(checkout.id, store.now, "key", checkout.totals.total)
    return await store.app.lanes.complete.ask(wish)


async def test_the_answer_is_settled_before_the_shopper_sees_the_checkout(database_url: str) -> None:
    async with engined(database_url) as (store, engine):
        checkout = await bought(store)
        assert (checkout.totals.tax, checkout.outside.is_estimated, checkout.version) == (330 + 50, False, 2)
        assert (await completed(store, checkout)).state is CheckoutState.IN_PROGRESS
        assert len(engine.asked) == 1
        await store.drain()
        assert await store.broken() == []


async def test_the_same_cart_is_asked_about_once(database_url: str) -> None:
    async with engined(database_url) as (store, engine):
        checkout = await bought(store)
        change = Change(checkout.id, store.now, Wishes(note="Ring twice"), ("note",))
        after = await store.app.lanes.change.ask(change)
        assert (len(engine.asked), after.totals) == (1, checkout.totals)


@pytest.mark.parametrize("city", ["Slough", "Bath"])
async def test_without_an_answer_the_table_holds_and_that_is_said(database_url: str, city: str) -> None:
    async with engined(database_url) as (store, _):
        checkout = await bought(store, city)
        assert (checkout.totals.tax, checkout.outside.is_estimated, checkout.version) == (659 + 99, True, 1)
        assert (await completed(store, checkout)).state is CheckoutState.IN_PROGRESS


async def test_a_plan_that_refuses_sells_once_there_is_an_answer(database_url: str) -> None:
    async with engined(database_url, STRICT) as (store, _):
        checkout = await bought(store, "Slough")
        assert [problem.kind for problem in checkout.problems] == ["tax_unavailable"]
        address = replace(checkout.wishes.address or HOME, city="Ely")
        change = Change(checkout.id, store.now, replace(checkout.wishes, address=address), ("address",))
        assert (await store.app.lanes.change.ask(change)).state is CheckoutState.READY
