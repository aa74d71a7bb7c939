"""A store to measure: the plan of the recorded retailer, a thousand items, goods on the shelf, shoppers' checkouts."""

import gc
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from doorstep.app import App, Cast, Outside, build, bundled_providers, watched
from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.checkout import Checkout, Complete, Create
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.clock import Clock, MachineClock, SimulatedClock
from doorstep.kernel.ids import CheckoutId, new_id
from doorstep.observing.watch import Watch
from doorstep.rehearsal.running import recorded_plan
from doorstep.settings import Settings
from doorstep.stock.model.sourcing import Moved, Source
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate

ITEMS = 1000
LINES = 3
PLENTY = 1_000_000
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
BUYER = Buyer("a.customer@customers.example", "A Customer")
ADDRESS = Address("GB", "A Customer", "1 High Street", "Leeds", "LS1 1UR")
SERVICE, METHOD = "parcel", "card"
_PREPARED_AT_ONCE = 256


class Cart(Protocol):
    """Fills carts: the number of an order in, its lines out."""

    def __call__(self, number: int) -> tuple[LineWish, ...]: ...


class HurriedClock(MachineClock):
    """The machine's time, by which all that is due within two months is run now: nobody sleeps, nothing travels."""

    def horizon(self) -> datetime:
        return self.now() + timedelta(days=60)


def sku(number: int) -> str:
    """The SKU of an item by its number."""
    return f"SKU-{number % ITEMS:04}"


def spread(number: int) -> tuple[LineWish, ...]:
    """Three lines of items from the whole range."""
    chosen = Random(number).sample(range(ITEMS), LINES)
    return tuple(LineWish(sku(one), 1 + one % 3) for one in chosen)


def hot(name: str) -> Cart:
    """One to three lines of the one item that everybody wants."""

    def cart(number: int) -> tuple[LineWish, ...]:
        return tuple(LineWish(name, 1) for _ in range(1 + number % LINES))

    return cart


@asynccontextmanager
async def opened(url: str, clock: Clock, cast: Cast | None = None) -> AsyncIterator[App]:
    """The program on a database with tables, its plan stored, without anything to sell."""
    await migrate(url)
    watch = Watch()
    database, providers = Database(url, around=watch.transaction), bundled_providers(Settings())
    await database.open()
    try:
        app = watched(build(recorded_plan(None), database, Outside(providers, clock), cast), watch)
        async with database.begin() as tx:
            await app.plans.store(tx)
        yield app
    finally:
        await providers.close()
        await database.close()


@asynccontextmanager
async def stocked(url: str, cast: Cast | None = None) -> AsyncIterator[tuple[App, SimulatedClock]]:
    """The program with a range of goods and plenty of each, on a Monday morning, its memory settled as in service."""
    clock = SimulatedClock(MONDAY)
    async with opened(url, clock, cast) as app:
        await sell(app)
        settle_memory()
        yield app, clock


async def sell(app: App) -> None:
    """A thousand items, plenty of each."""
    await offer(app, "opening", {sku(number): PLENTY for number in range(ITEMS)})


async def offer(app: App, cause: str, goods: Mapping[str, int]) -> None:
    """Items are listed, and so many of each arrive at the first location."""
    place = app.plans.in_force.locations[0].id
    sources = tuple(Source(place, 0, name, count) for name, count in goods.items())
    async with app.database.begin() as tx:
        await catalog.put(tx, [Item(name, f"Item {name}", 250 + 5 * number, 300) for number, name in enumerate(goods)])
        await app.shelf.receive(tx, [Moved(cause, app.clock.now(), sources)])


async def filled(app: App, cart: Cart, numbers: Sequence[int]) -> list[Complete]:
    """Checkouts that only wait to be completed, and the requests that complete them."""
    requests: list[Complete] = []
    for start in range(0, len(numbers), _PREPARED_AT_ONCE):
        new = [_create(cart, number, app.clock.now()) for number in numbers[start : start + _PREPARED_AT_ONCE]]
        async with app.database.begin() as tx:
            answers = await app.stages.placement.create(tx, new)
        requests += [_complete(answer, app.clock.now()) for answer in answers]
    return requests


def settle_memory() -> None:
    """As `doorstep serve` does it once it is ready."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for databases, beside the other build outputs: on a disk, not in memory."""
    build_outputs = Path(__file__).parents[1] / "build"
    build_outputs.mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="bench-", dir=build_outputs)


def _create(cart: Cart, number: int, at: datetime) -> Create:
    wishes = Wishes(lines=cart(number), buyer=BUYER, address=ADDRESS, service=SERVICE, method=METHOD)
    return Create(CheckoutId(new_id("chk")), at, wishes)


def _complete(answer: Checkout | Exception, at: datetime) -> Complete:
    if not isinstance(answer, Checkout) or answer.problems:
        raise TypeError(f"No checkout that can be completed: {answer}")
    return Complete(answer.id, at, f"key-{answer.id}", answer.totals.total)
