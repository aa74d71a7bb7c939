"""A counted shelf is corrected by file: looked at, taken in, told in the item's history, and sold from there on."""

import re

from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.people import Browser, browsing, hired
from tests.stories.shop import MORNING, Shop, opened_shop

COUNTED = "sku,location,on_hand\nMUG,main,2\nMUGG,main,4\n"


async def test_a_counted_shelf_is_corrected_by_file(sqlite_url: str) -> None:
    async with opened_shop(sqlite_url, SandboxPayments(), SimulatedClock(MORNING)) as shop:
        await hired(shop)
        async with browsing(shop) as owner:
            await owner.sign_in()
            await _correct(owner)
            await owner.get("/console/stock/item?sku=MUG")
            assert "Counted: shelf 4" in owner.text
            await owner.get("/console/audit?act=stock.import")
            assert "Olga Owner" in owner.text
        await _sells_two_and_no_third(shop)


async def _correct(owner: Browser) -> None:
    """One line has a typing mistake: it is left out on purpose, the other is taken in."""
    await owner.get("/console/stock/import?kind=stock")
    await owner.post("/console/stock/import", kind="stock", csv=COUNTED, name="shelf 4")
    assert 'There is no item "MUGG"' in owner.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', owner.text))
    fields.pop("csrf")
    await owner.post("/console/stock/import/taking", **fields, skip_bad="yes")
    await owner.follow()
    assert "0 new, 1 changed" in owner.text


async def _sells_two_and_no_third(shop: Shop) -> None:
    assert (await shop.buy(await shop.ready(quantity=2))).status_code == 200
    third = await shop.buy(await shop.ready(), key="another")
    assert third.status_code != 200 or (await shop.orders())[0]["number"] != third.json()["order"]["number"]
