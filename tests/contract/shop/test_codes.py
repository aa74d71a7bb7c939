"""Discount codes on the pages: used, said why not, removed."""

import pytest

from tests.stories.a_shopper import UNHOSTED, Shopper


async def test_a_code_takes_off_and_says_so(ada: Shopper) -> None:
    await ada.add("POT")
    await ada.go("/shop/cart")
    await ada.send("/checkout/code", code="welcome", back="/shop/cart")
    assert "The discount is £2.90. The total is £26.10; it was £29.00." in ada.text
    await ada.send("/checkout/code", remove="welcome", back="/shop/cart")
    assert "The code is removed." in ada.text
    assert "£2.90" not in ada.text


@pytest.mark.parametrize("code", ["nonsense", "BIG", "", "x" * 65, "a\x00", "<b>"])
async def test_a_code_that_cannot_be_used_is_not_kept(ada: Shopper, code: str) -> None:
    await ada.add("POT")
    await ada.go("/shop/cart")
    page = await ada.send("/checkout/code", code=code, back="/shop/cart")
    assert page.status_code == 200
    assert 'class="said warned"' in page.text
    assert 'name="remove" value="' + code not in page.text or code == ""


async def test_a_code_is_asked_for_where_the_plan_has_any(ada: Shopper) -> None:
    await ada.add("POT")
    assert UNHOSTED.discounts
    assert "Discount code" in (await ada.go("/checkout")).text
