"""The cart: what goes in, comes out and is refused, and the cookie that holds it."""

import io

import httpx
import pytest

from doorstep.serving import log_to
from tests.stories.a_shopper import HOSTILE, UNHOSTED, Shopper, open_shop, shopping
from tests.stories.shop import Shop


async def test_the_shop_says_what_there_is(ada: Shopper) -> None:
    page = await ada.go("/shop")
    assert page.status_code == 200
    for said in ("Assam breakfast tea", "£4.50", "in stock", "only 3 left", "not available now"):
        assert said in ada.text


async def test_a_search_finds_words_of_a_name(ada: Shopper) -> None:
    await ada.go("/shop?q=tea+pot")
    assert "£29.00" in ada.text
    assert "Assam" not in ada.text


async def test_names_are_only_names(ada: Shopper) -> None:
    await ada.add("EVIL/1")
    for path in ("/shop", "/shop/items?sku=EVIL%2F1", "/shop/cart", "/checkout"):
        page = await ada.go(path)
        assert (page.status_code, HOSTILE in page.text, HOSTILE in ada.text) == (200, False, True), path


async def test_the_cart_is_kept_in_a_cookie_that_no_script_reads(ada: Shopper) -> None:
    await ada.go("/shop")
    answer = await ada.browser.post("/shop/cart/lines", sku="ASSAM", back="/shop")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("doorstep_cart="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


async def test_behind_tls_the_cookie_is_pinned_to_this_host(ada: Shopper) -> None:
    ada.browser.http.base_url = httpx.URL("https://shop")
    await ada.go("/shop")
    answer = await ada.browser.post("/shop/cart/lines", sku="ASSAM", back="/shop")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if "doorstep_cart=" in one)
    assert cookie.startswith("__Host-doorstep_cart=chk_")
    assert "; Secure" in cookie


async def test_the_secret_is_on_no_page_and_in_no_log(ada: Shopper) -> None:
    log_to(log := io.StringIO(), "debug")
    await ada.ready()
    seen = [await ada.go(path) for path in ("/shop", "/shop/cart", "/checkout", "/checkout/payment")]
    seen.append(await ada.pay())
    assert ada.cart_id.startswith("chk_")
    assert not any(ada.cart_id in page.text or ada.cart_id in str(page.url) for page in seen)
    assert ada.cart_id not in log.getvalue()


async def test_adding_twice_makes_one_line(ada: Shopper) -> None:
    await ada.add("ASSAM", 2)
    await ada.add("ASSAM", 3)
    await ada.go("/shop/cart")
    assert 'value="5" aria-label="How many of Assam breakfast tea"' in ada.text
    assert "£22.50" in ada.text


async def test_quantities_change_and_lines_go(ada: Shopper) -> None:
    await ada.add("ASSAM", 2)
    await ada.add("POT")
    await ada.go("/shop/cart")
    version = ada.text.partition('name="version" value="')[2].partition('"')[0]
    await ada.send("/shop/cart", version=version, quantity=["3", "1"], remove="2", note="Ring twice")
    assert "£13.50" in ada.text
    assert "Tea pot" not in ada.text
    assert "Ring twice" in ada.text


@pytest.mark.parametrize("many", ["-1", "x", "1e3", "٣", "1000000000", "9" * 400])
async def test_a_quantity_that_is_none_is_refused_in_words(ada: Shopper, many: str) -> None:
    await ada.go("/shop/items/ASSAM")
    answer = await ada.browser.post("/shop/cart/lines", sku="ASSAM", quantity=many)
    assert answer.status_code == 422
    assert "Please write how many as a whole number from 1." in ada.text


async def test_a_cart_that_changed_elsewhere_is_shown_first(ada: Shopper) -> None:
    await ada.add("ASSAM")
    await ada.go("/shop/cart")
    answer = await ada.browser.post("/shop/cart", version="99", quantity=["7"])
    assert answer.status_code == 409
    assert "changed in another window" in ada.text


async def test_more_than_there_is_is_said_at_the_line(ada: Shopper) -> None:
    await ada.add("CUP", 9)
    await ada.go("/shop/cart")
    assert "only 3" in ada.text
    version = ada.text.partition('name="version" value="')[2].partition('"')[0]
    await ada.send("/shop/cart", version=version, quantity=["9"], go="on")
    assert "Your cart" in ada.text


async def test_five_hundred_lines_are_a_cart(ada: Shopper, shop: Shop) -> None:
    await ada.add("ASSAM")
    lines = [{"sku": f"X{number}", "quantity": 1} for number in range(500)]
    await shop.http.patch(f"/api/v1/checkouts/{ada.cart_id}", json={"lines": lines})
    page = await ada.go("/shop/cart")
    assert page.status_code == 200
    assert page.text.count('name="quantity"') == 500


async def test_a_store_without_a_shop_shows_none(sqlite_url: str, shop: Shop) -> None:
    async with open_shop(f"{sqlite_url}2", shop.clock, UNHOSTED) as bare, shopping(bare) as shopper:
        for path in ("/shop", "/shop/cart", "/shop/items/ASSAM"):
            assert (await shopper.go(path)).status_code == 404, path
        assert "begin the checkout from there" in (await shopper.go("/checkout")).text
