"""What is asked on the pages of an open checkout: alternatives for what is gone, answered without a script."""

import re

from tests.stories.a_shopper import Shopper, shopping
from tests.stories.shop import Shop

_QUESTION = re.compile(r'name="question" value="([^"]+)"')


async def sold_to_others(shop: Shop, sku: str, quantity: int) -> None:
    """Somebody else buys some of an item."""
    async with shopping(shop, "192.0.2.10") as bob:
        await bob.ready(sku, quantity)
        await bob.pay()


async def test_what_is_gone_is_asked_about_when_the_page_is_opened(ada: Shopper, shop: Shop) -> None:
    await ada.ready("CUP")
    await sold_to_others(shop, "CUP", 3)
    for path in ("/shop/cart", "/checkout", "/checkout/delivery", "/checkout/payment"):
        await ada.go(path)
        assert "Two bowls" in ada.text, path
        assert "Please choose until" in ada.text, path
        assert "kept for you until" in ada.text, path


async def test_a_substitute_is_chosen_and_paid_for(ada: Shopper, shop: Shop) -> None:
    await ada.ready("CUP")
    await sold_to_others(shop, "CUP", 3)
    await ada.go("/checkout/payment")
    asked = _QUESTION.search(ada.text)
    assert asked, ada.text
    form = {"question": asked[1], "choice": "substitute:BOWL", "back": "/checkout/payment"}
    await ada.send("/checkout/answer", **form)
    assert "Thank you, that is done. The total is £16.50; it was £17.50." in ada.text
    page = await ada.pay()
    assert str(page.url) == "http://shop/checkout/done"


async def test_an_answer_to_a_question_that_is_over_says_so(ada: Shopper) -> None:
    await ada.ready()
    page = await ada.send("/checkout/answer", question="off_nothing", choice="x", back="/checkout/delivery")
    assert page.status_code == 200
    assert "This is not asked any more." in ada.text


async def test_a_link_opens_the_checkout_in_another_browser(ada: Shopper, shop: Shop) -> None:
    await ada.add("ASSAM", 2)
    link = (await shop.http.post(f"/api/v1/checkouts/{ada.cart_id}/links")).json()
    async with shopping(shop, "192.0.2.11") as elsewhere:
        page = await elsewhere.go(f"/checkout/resume/{link['token']}")
        assert str(page.url) == "http://shop/checkout"
        assert "2 × <bdi>Assam breakfast tea" in elsewhere.text
        assert elsewhere.cart_id == ada.cart_id


async def test_a_forged_link_opens_nothing(ada: Shopper) -> None:
    page = await ada.go("/checkout/resume/01M8910FY82FXJJT8QPSGN16K4.6b7d531f.npgAtpeu9Cmfw7OLxmOAtQ")
    assert page.status_code == 404
    assert not ada.cart_id
