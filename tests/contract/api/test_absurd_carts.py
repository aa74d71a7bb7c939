"""Carts that are absurd and not wrong: names of the whole world arrive intact, and a large cart costs no more turns."""

from collections.abc import Sequence
from typing import Any

import pytest

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout, Complete, Create
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.ids import CheckoutId, new_id
from doorstep.stock.model.sourcing import Moved, Source
from doorstep.storage.transaction import Tx
from tests.stories.shop import ADA, HOME, Shop

_NAMES = (
    "محمد بن سلمان",
    "דָּוִד בֶּן־גּוּרְיוֹן",
    "👩🏽‍🚀 Zoë 🇬🇧",
    "Nguyễn Thị Ánh",
    "'; DROP TABLE orders; --",
    "龍" * 60,
)


@pytest.mark.parametrize("name", _NAMES)
async def test_a_name_arrives_as_it_was_given(shop: Shop, name: str) -> None:
    checkout = await shop.ready()
    body = {"buyer": {"email": ADA.email, "name": name}, "gift_message": f"To {name}"}
    changed = (await shop.http.patch(f"/api/v1/checkouts/{checkout['id']}", json=body)).json()
    assert (await shop.buy(changed)).status_code == 200
    await shop.work()
    assert (changed["buyer"]["name"], changed["gift_message"]) == (name, f"To {name}")
    assert (await shop.order(checkout))["buyer"]["name"] == name


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}} ${7*7} %s %n"])
async def test_what_is_no_name_is_a_problem_that_says_so(shop: Shop, name: str) -> None:
    checkout = await shop.ready()
    body = {"buyer": {"email": ADA.email, "name": name}}
    changed = (await shop.http.patch(f"/api/v1/checkouts/{checkout['id']}", json=body)).json()
    assert changed["buyer"]["name"] == name
    assert [problem["path"] for problem in changed["problems"]] == ["buyer.name"]


async def test_an_address_of_ten_thousand_characters_is_refused_by_its_field(shop: Shop) -> None:
    checkout = await shop.cart()
    body = {"address": {"country": "GB", "street": "x" * 10_000}}
    refused = await shop.http.patch(f"/api/v1/checkouts/{checkout['id']}", json=body)
    assert (refused.status_code, [*refused.json()["fields"]]) == (422, ["address.street"])


@pytest.mark.parametrize("country", ["XX", "ZZ", "AQ"])
async def test_a_country_that_is_none_or_not_served_is_a_problem(shop: Shop, country: str) -> None:
    checkout = await shop.ready()
    body = {"address": {"country": country, "name": "Ada", "street": "1 High Street", "city": "Town"}}
    changed = (await shop.http.patch(f"/api/v1/checkouts/{checkout['id']}", json=body)).json()
    assert changed["state"] == "incomplete"
    assert any(problem["path"].startswith(("address", "service", "delivery")) for problem in changed["problems"])


class Counted:
    """A transaction that counts the statements that are sent."""

    def __init__(self, tx: Tx) -> None:
        self._tx, self.count = tx, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._tx, name)
        if name not in ("run", "rows"):
            return found

        async def counted(*given: Any, **named: Any) -> Any:
            self.count += 1
            return await found(*given, **named)

        return counted


async def statements(shop: Shop, lines: Sequence[LineWish]) -> tuple[int, int]:
    """How many statements it takes to open a checkout with these lines, and to complete it."""
    wishes = Wishes(lines=tuple(lines), buyer=ADA, address=HOME, service="standard", method="card")
    at, placement = shop.clock.now(), shop.app.stages.placement
    async with shop.app.database.begin() as tx:
        opening = Counted(tx)
        [opened] = await placement.create(opening, [Create(CheckoutId(new_id("chk")), at, wishes)])
    assert isinstance(opened, Checkout)
    async with shop.app.database.begin() as tx:
        completing = Counted(tx)
        agreed = Complete(opened.id, at, "k", opened.totals.total)
        [placed] = await placement.complete(completing, [agreed])
    assert isinstance(placed, Checkout)
    return opening.count, completing.count


async def test_five_hundred_lines_take_as_many_statements_as_one(shop: Shop) -> None:
    skus = [f"ITEM-{number}" for number in range(500)]
    async with shop.app.database.begin() as tx:
        await catalog.put(tx, [Item(sku, f"Item {sku}", 100, 10) for sku in skus])
        sources = tuple(Source("main", number, sku, 9) for number, sku in enumerate(skus, 1))
        await shop.app.shelf.receive(tx, [Moved("delivery", shop.clock.now(), sources)])
    await statements(shop, [LineWish("MUG", 1)])  # the first order ever begins the numbers
    few = await statements(shop, [LineWish(skus[0], 1)])
    many = await statements(shop, [LineWish(sku, 1) for sku in skus])
    assert many == few
