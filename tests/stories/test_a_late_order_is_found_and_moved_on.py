"""A late order is found and moved on: from the board to the work list, to the order, to the courier."""

import html
import re
from datetime import timedelta
from pathlib import Path

from doorstep.access.model.permissions import Role
from doorstep.journey.standing import Stage
from tests.stories.a_corner_shop import CornerShop, corner_shop
from tests.stories.people import Browser


async def _report(shop: CornerShop, browser: Browser, role: Role) -> None:
    """Send the form that stands open on the page, and let the program do what follows."""
    form = next(one for one in re.findall(r"<form.*?</form>", browser.text, re.S) if "fulfillment_id" in one)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    url = re.search(r'formaction="([^"]+)"', form)
    assert url, f"{role} has nothing to report"
    fields.pop("csrf")
    await browser.post(url[1], **{name: html.unescape(value) for name, value in fields.items()})
    assert (await browser.follow()).status_code == 200
    shop.clock.advance_to(shop.clock.now() + timedelta(minutes=1))
    await shop.app.worker.drain()


async def test_a_late_order_is_found_and_moved_on(database_url: str, tmp_path: Path) -> None:
    async with corner_shop(database_url, tmp_path) as shop:
        async with shop.browser(Role.PICKER) as picker:
            await picker.get("/console")
            assert "orders are late" in picker.text
            await picker.get("/console/work?kind=pick&location=shop")
            late = re.search(r'<tr class="late">.*?href="(/console/orders/\d+#pick-[^"]+)"', picker.text, re.S)
            assert late
            await picker.get(late[1].partition("#")[0])
            assert "Hannah Weiss" in picker.text
            await _report(shop, picker, Role.PICKER)
            assert "The pick is reported." in picker.text
        async with shop.browser(Role.PACKER) as packer:
            await packer.get(late[1].partition("#")[0])
            await _report(shop, packer, Role.PACKER)
            assert "Paula Packham" in packer.text
        assert (await shop.standing("Hannah")).stage is Stage.SHIPPING
