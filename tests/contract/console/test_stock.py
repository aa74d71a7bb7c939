"""The stock pages: what is found, what is marked, what an adjustment does and leaves behind."""

import asyncio

import pytest

from doorstep.access.model.permissions import Role
from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.stock import store as stock
from tests.contract.console.test_forms import HOSTILE
from tests.stories.people import Browser, browsing, hired
from tests.stories.shop import Shop

ITEM = "/console/stock/item?sku=MUG"
_POST = "/console/stock/item"


async def _on_hand(shop: Shop, sku: str = "MUG") -> int:
    async with shop.app.database.read() as tx:
        return sum(one.on_hand for one in await stock.read_skus(tx, [sku]))


async def test_items_are_listed_with_what_is_available(owner: Browser, shop: Shop) -> None:
    on_hand = await _on_hand(shop)
    await owner.get("/console/stock")
    assert "Mug" in owner.text
    assert f">{on_hand}<" in owner.text


@pytest.mark.parametrize(("query", "found"), [("q=mu", True), ("q=nothing", False), ("location=main", True)])
async def test_items_are_found(owner: Browser, query: str, found: bool) -> None:  # noqa: FBT001
    await owner.get(f"/console/stock?{query}")
    assert (ITEM in owner.text) is found


async def test_what_is_below_a_number_is_found(owner: Browser, shop: Shop) -> None:
    on_hand = await _on_hand(shop)
    assert ITEM not in (await owner.get(f"/console/stock?below={on_hand}")).text
    assert ITEM in (await owner.get(f"/console/stock?below={on_hand + 1}")).text


@pytest.mark.parametrize("query", ["below=many", "below=-1", "cursor=none"])
async def test_what_cannot_be_asked_is_told(owner: Browser, query: str) -> None:
    answer = await owner.get(f"/console/stock?{query}")
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


async def test_an_adjustment_by_a_number_says_why_and_who(owner: Browser, shop: Shop) -> None:
    before = await _on_hand(shop)
    await owner.get(ITEM)
    await owner.post(_POST, sku="MUG", location="main", how="change", number="-2", reason="two fell")
    await owner.follow()
    assert await _on_hand(shop) == before - 2
    for text in ("The stock is adjusted.", "“two fell”", "Olga Owner", ">-2<"):
        assert text in owner.text


async def test_a_count_holds_only_while_the_shelf_is_as_it_was_seen(owner: Browser, shop: Shop) -> None:
    before = await _on_hand(shop)
    await owner.get(ITEM)
    told = {"sku": "MUG", "location": "main", "how": "count", "seen.main": str(before), "reason": "counted"}
    assert (await owner.post(_POST, **told, number=str(before - 1))).status_code == 303
    await owner.get(ITEM)
    answer = await owner.post(_POST, **told, number=str(before + 5))
    assert (answer.status_code, f"it was {before} when you looked" in owner.text) == (409, True)
    assert await _on_hand(shop) == before - 1


async def test_adjustments_at_once_are_all_done(owner: Browser, shop: Shop) -> None:
    before = await _on_hand(shop)
    await hired(shop, Role.OPERATIONS, "ophelia@example.com", "Ophelia")
    async with browsing(shop) as other:
        await other.sign_in("ophelia@example.com")
        for browser in (owner, other):
            await browser.get(ITEM)
        told = {"sku": "MUG", "location": "main", "how": "change", "reason": "moved"}
        await asyncio.gather(owner.post(_POST, **told, number="-2"), other.post(_POST, **told, number="+5"))
    assert await _on_hand(shop) == before + 3


async def test_a_form_sent_twice_adjusts_once(owner: Browser, shop: Shop) -> None:
    before, page = await _on_hand(shop), await owner.get(ITEM)
    told = {"sku": "MUG", "location": "main", "how": "change", "number": "4", "reason": "found", "once": "once_1"}
    await owner.post(_POST, **told)
    owner.seen = page
    await owner.post(_POST, **told)
    assert await _on_hand(shop) == before + 4


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number": "many"}, "Write a whole number"),
        ({"number": ""}, "Write a whole number"),
        ({"number": "-5", "how": "count"}, "A count is 0 or more."),
        ({"reason": ""}, "Say why"),
        ({"location": "nowhere"}, "There is none."),
        ({"number": "-999999"}, "fewer than none cannot be left"),
        ({"number": "9" * 11}, "number"),
    ],
)
async def test_a_refused_adjustment_shows_what_was_written(
    owner: Browser, shop: Shop, fields: dict[str, str], said: str
) -> None:
    before = await _on_hand(shop)
    await owner.get(ITEM)
    told = {"sku": "MUG", "location": "main", "how": "change", "number": "1", "reason": "the <b>reason</b>"}
    answer = await owner.post(_POST, **(told | fields))
    assert answer.status_code in (404, 422)
    assert said in owner.text
    assert fields.get("reason", "the &lt;b&gt;reason&lt;/b&gt;") in answer.text
    assert await _on_hand(shop) == before


async def test_who_may_only_look_has_no_form(shop: Shop, browser: Browser) -> None:
    await hired(shop, Role.VIEWER, "vic@example.com", "Vic")
    await browser.sign_in("vic@example.com")
    assert (await browser.get(ITEM)).status_code == 200
    assert 'name="number"' not in browser.text


async def test_an_item_that_is_none_is_told(owner: Browser) -> None:
    assert (await owner.get("/console/stock/item?sku=NONE")).status_code == 404


async def test_hostile_names_of_items_are_inert(owner: Browser, shop: Shop) -> None:
    async with shop.app.database.begin() as tx:
        await catalog.put(tx, [Item(HOSTILE[:60], HOSTILE, 100, 1, HOSTILE[:60])])
    for path in ("/console/stock?q=script", f"{_POST}?sku={HOSTILE[:60].replace('>', '%3E')}"):
        page = (await owner.get(path)).text
        assert "<script>alert" not in page
        assert "alert(1)" in page


async def test_what_a_customer_takes_leads_to_the_order(browser: Browser, shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout)
    await shop.work()
    await shop.later(60)
    number = (await shop.look(checkout))["order"]["number"]
    await browser.sign_in()
    work = (await browser.get(f"/console/orders/{number}")).text
    fulfillment = work.split('name="fulfillment_id" value="')[1].split('"')[0]
    await browser.post(f"/console/orders/{number}/pick.report", fulfillment_id=fulfillment)
    await browser.get(ITEM)
    assert f'<a href="/console/orders/{number}">Picked for order {number}</a>' in browser.text
