"""Carts that expired, were paid, belong to nobody, and forms that are not ours."""

import pytest

from tests.stories.a_shopper import Shopper
from tests.stories.shop import Shop

STEPS = ("/checkout", "/checkout/delivery", "/checkout/payment", "/checkout/waiting", "/checkout/done")


@pytest.mark.parametrize("path", STEPS)
@pytest.mark.parametrize("cookie", ["", "chk_00000000000000000000000000", "../../etc", "x" * 3000, '"', "chk_é"])
async def test_a_cookie_that_means_nothing_is_an_empty_cart(ada: Shopper, path: str, cookie: str) -> None:
    ada.browser.http.headers["cookie"] = f"doorstep_cart={cookie}".encode().decode("latin-1")
    page = await ada.go(path)
    assert page.status_code == 200
    assert "Your cart is empty" in page.text


async def test_an_expired_cart_offers_the_same_things_again(ada: Shopper, shop: Shop) -> None:
    await ada.add("ASSAM", 2)
    before = ada.cart_id
    await shop.later(minutes=60 * 24 + 5)
    await ada.go("/checkout")
    assert "Your cart has expired" in ada.text
    await ada.send("/checkout/again")
    assert ada.cart_id != before
    assert "2 × <bdi>Assam breakfast tea" in ada.text


async def test_after_an_order_the_next_thing_begins_another_cart(ada: Shopper) -> None:
    await ada.ready()
    await ada.pay()
    before = ada.cart_id
    await ada.add("POT")
    assert ada.cart_id != before
    assert "Tea pot" in (await ada.go("/shop/cart")).text


@pytest.mark.parametrize("path", ["/shop/cart/lines", "/shop/cart", "/checkout", "/checkout/code", "/checkout/payment"])
async def test_a_form_of_another_site_changes_nothing(ada: Shopper, path: str) -> None:
    await ada.add("ASSAM")
    answer = await ada.browser.http.post(path, data={"csrf": "A" * 88, "sku": "POT"})
    assert answer.status_code == 403
    assert "too old or not ours" in answer.text


async def test_a_language_is_chosen_and_kept(ada: Shopper) -> None:
    await ada.add("ASSAM")
    await ada.go("/shop/cart?lang=de")
    assert "Ihr Warenkorb" in ada.text
    assert "4,50" in ada.text
    await ada.go("/checkout")
    assert "Wer bekommt es, und wohin?" in ada.text


async def test_the_stream_is_found_by_the_cookie_alone(ada: Shopper) -> None:
    answer = await ada.browser.http.get("/checkout/events")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_checkout")


async def test_shoppers_may_send_more_forms_than_people_who_sign_in(ada: Shopper) -> None:
    for _ in range(25):
        assert (await ada.add("ASSAM")).status_code == 200
