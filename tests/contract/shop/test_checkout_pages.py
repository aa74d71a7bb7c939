"""The steps of the checkout: what is asked for, what is refused, and how it ends."""

import asyncio

import pytest

from tests.stories.a_shopper import Shopper, shopping
from tests.stories.shop import Shop


async def test_an_order_is_placed_without_a_script(ada: Shopper) -> None:
    page = await ada.ready("POT")
    assert "Order and pay £34.00" in ada.text
    page = await ada.pay()
    assert str(page.url) == "http://shop/checkout/done"
    link = page.text.partition('href="/order/')[2].partition('"')[0]
    assert (await ada.go(f"/order/{link}")).status_code == 200
    assert "Your order 1001" in ada.text


async def test_what_a_step_changed_is_said_in_words(ada: Shopper) -> None:
    await ada.ready()
    assert "Delivery costs £5.00. The total is £9.50; it was £4.50." in ada.text


async def test_what_is_missing_is_said_at_its_field(ada: Shopper) -> None:
    await ada.add("ASSAM")
    page = await ada.say_who(address__street="", buyer__email="nobody")
    assert page.status_code == 422
    assert 'href="#address-street"' in page.text
    assert 'aria-describedby="buyer-email-wrong"' in page.text
    assert 'value="nobody"' in page.text


@pytest.mark.parametrize("text", ["x" * 10_000, "a\x00b", "a\tb"])
async def test_absurd_input_is_refused_with_the_reason(ada: Shopper, text: str) -> None:
    await ada.add("ASSAM")
    page = await ada.say_who(address__street=text)
    assert page.status_code == 422
    assert "ordinary characters, please" in page.text


async def test_names_of_all_scripts_are_taken(ada: Shopper) -> None:
    await ada.add("ASSAM")
    await ada.say_who(address__name="عائشة 🫖 Ōé")
    await ada.choose()
    assert "عائشة 🫖 Ōé" in ada.text


async def test_another_country_is_asked_for_without_keeping_anything(ada: Shopper) -> None:
    await ada.add("ASSAM")
    page = await ada.say_who(address__country="DE", act="country")
    assert page.status_code == 200
    assert '<option value="DE" selected>' in page.text
    assert "Ada Lovelace" in page.text


async def test_a_step_cannot_be_skipped(ada: Shopper) -> None:
    await ada.add("ASSAM")
    assert str((await ada.go("/checkout/payment")).url) == "http://shop/checkout"
    await ada.say_who()
    assert str((await ada.go("/checkout/payment")).url) == "http://shop/checkout/delivery"


async def test_a_declined_card_is_replaced_by_another_method(ada: Shopper, shop: Shop) -> None:
    await ada.ready()
    page = await ada.pay("decline:insufficient_funds")
    assert "Your payment was declined: there was not enough money." in page.text
    page = await ada.pay(method="wallet")
    assert str(page.url) == "http://shop/checkout/done"
    (order,) = await shop.orders()
    payments = (await shop.http.get(f"/api/v1/checkouts/{ada.cart_id}")).json()
    assert (order["number"], payments["method"], payments["payment"]["attempts"]) == ("1001", "wallet", 2)


async def test_a_double_click_gives_one_order(ada: Shopper, shop: Shop) -> None:
    await ada.ready()
    form, seen = ada.form(), ada.browser.seen
    await ada.browser.post("/checkout/payment", **form)
    ada.browser.seen = seen
    again = await ada.browser.post("/checkout/payment", **form)
    await shop.work()
    assert again.headers["location"] == "/checkout/waiting?go=on"
    assert len(await shop.orders()) == 1


async def test_two_clicks_at_once_give_one_order(ada: Shopper, shop: Shop) -> None:
    await ada.ready()
    form = {"csrf": ada.text.partition('name="csrf" value="')[2].partition('"')[0], **ada.form()}
    answers = await asyncio.gather(*(ada.browser.http.post("/checkout/payment", data=form) for _ in range(5)))
    await shop.work()
    assert {answer.headers.get("location", "") for answer in answers} <= {
        "/checkout/waiting?go=on",
        "/checkout/waiting",
    }
    assert len(await shop.orders()) == 1


async def test_a_total_that_changed_is_shown_first(ada: Shopper) -> None:
    await ada.ready()
    answer = await ada.browser.post("/checkout/payment", **{**ada.form(), "total": "1"})
    assert answer.status_code == 409
    assert "The total has changed." in ada.text
    assert "Order and pay £9.50" in ada.text


async def test_the_bank_asks_and_the_order_goes_on(ada: Shopper, shop: Shop) -> None:
    await ada.ready()
    page = await ada.pay("challenge")
    assert "Your bank wants to hear from you" in page.text
    bank = page.text.partition('href="http://shop/sandbox/')[2].partition('"')[0]
    await ada.go(f"/sandbox/{bank}")
    await ada.browser.post(f"/sandbox/{bank}", answer="yes")
    await shop.work()
    assert str((await ada.go("/checkout")).url) == "http://shop/checkout/done"


async def test_what_the_last_unit_was_is_said_and_nothing_charged(ada: Shopper, shop: Shop) -> None:
    await ada.ready("CUP", 3)
    form, seen = ada.form(), ada.browser.seen
    async with shopping(shop, "192.0.2.10") as bob:
        await bob.ready("CUP")
        await bob.pay()
    ada.browser.seen = seen
    answer = await ada.browser.post("/checkout/payment", **form)
    assert answer.status_code == 422
    assert "CUP" in ada.text or "Two cups" in ada.text
    assert len(await shop.orders()) == 1


@pytest.mark.parametrize(
    ("country", "label", "example"), [("GB", "Town or city", "Such as EC1Y 8SY."), ("DE", "Postcode", "Such as 26133.")]
)
async def test_a_country_is_asked_as_its_people_write(ada: Shopper, country: str, label: str, example: str) -> None:
    await ada.add("ASSAM")
    await ada.say_who(address__country=country, act="country")
    assert label in ada.text
    assert example in ada.text
    assert ("Region" in ada.text) is False


async def test_what_came_along_unseen_is_left_out(ada: Shopper) -> None:
    await ada.add("ASSAM")
    await ada.say_who(address__street="1  Mill\u202e Lane\u200b")
    await ada.choose()
    assert "1 Mill Lane" in ada.text
