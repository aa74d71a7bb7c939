"""Search finds exactly what looking at every order would find, page by page, the newest first."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from doorstep.journey.order import Address, Buyer, Order
from doorstep.journey.overview.listing import LAST_ID, found_ids
from doorstep.journey.search import store
from doorstep.journey.search.model import WEEK_MS, terms_of, wanted
from doorstep.kernel.ids import OrderId, id_from
from tests.database import opened
from tests.laws.stories import an_order

NAMES = ("Ann", "Anna", "Änne Brown", "Bea O'Neil", "100% Cotton", "under_score", "Ωmega", "annabel'; DROP")
TEXTS = (
    *("an", "ann", "anna brown", "100%", "%%", "an_", "__", "under_", "ωm", "sk", "sku1 an"),
    *("10", "1002", "a@", "a@example.org", "ls1", "ls11", "'; drop", "be o'neil", "ls1 sku2 ann"),
)


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    """Some orders of some weeks, far apart or close together."""
    weeks = draw(st.lists(st.sampled_from([2800, 2801, 2805, 2900, 3300]), max_size=12))
    return [_order(draw, week, number) for number, week in enumerate(weeks)]


def _order(draw: st.DrawFn, week: int, number: int) -> Order:
    order_id = id_from("ord", week * WEEK_MS + draw(st.integers(0, WEEK_MS - 1)), number)
    lines = draw(st.integers(1, 3))
    order = an_order(*[1] * lines, order_id=order_id, number=str(1000 + number))
    name, letter = draw(st.sampled_from(NAMES)), draw(st.sampled_from("ab"))
    return replace(order, buyer=Buyer(f"{letter}@example.org", name), address=Address("GB", name, postcode="LS1 1UR"))


def naive(found: list[Order], words: tuple[str, ...]) -> list[str]:
    """The ids of orders of which each word begins a term."""
    terms = {order.id: [term for _, term, _ in terms_of(order)] for order in found}
    ids = [i for i, has in terms.items() if all(any(term.startswith(word) for term in has) for word in words)]
    return sorted(ids, reverse=True)


async def search(there: list[Order], text: str, most: int) -> list[OrderId]:
    """All that a search finds on a database of its own, page by page."""
    with TemporaryDirectory() as folder:
        async with opened(f"sqlite:///{Path(folder)}/doorstep.db") as database:
            async with database.begin() as tx:
                await store.insert(tx, [term for order in there for term in terms_of(order)])
            found: list[OrderId] = []
            before: str | None = LAST_ID
            async with database.read() as tx:
                while before:
                    some, before = await found_ids(tx, wanted(text), before, most)
                    found += some
            return found


@settings(max_examples=60)
@given(orders(), st.sampled_from(TEXTS), st.integers(1, 5))
def test_search_finds_what_a_look_at_every_order_finds(there: list[Order], text: str, most: int) -> None:
    assert asyncio.run(search(there, text, most)) == naive(there, wanted(text))
