"""A checkout answers in the shopper's language, and in the store's first where it does not speak theirs."""

import pytest

from tests.stories.shop import Shop


@pytest.mark.parametrize(
    ("locale", "said"),
    [("de-DE", "Eine E-Mail-Adresse wird gebraucht."), ("en", "An e-mail address is needed."), ("tlh", "An e-mail")],
)
async def test_what_is_missing_is_said_in_the_language_of_the_checkout(shop: Shop, locale: str, said: str) -> None:
    cart = await shop.cart()
    changed = await shop.http.patch(f"/api/v1/checkouts/{cart['id']}", json={"locale": locale})
    for checkout in (changed.json(), await shop.look(cart)):
        (problem,) = (one for one in checkout["problems"] if one["path"] == "buyer.email")
        assert problem["message"].startswith(said)
