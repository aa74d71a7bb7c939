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


async def test_an_address_is_made_tidy_and_what_is_wrong_in_it_is_asked_for_with_an_example(shop: Shop) -> None:
    cart = await shop.cart()
    typed = {"country": "gb", "name": " Ada  Lovelace", "street": "12 St James's Square", "city": "London"}
    body = {"address": {**typed, "postcode": "SW1Y"}, "locale": "de"}
    checkout = (await shop.http.patch(f"/api/v1/checkouts/{cart['id']}", json=body)).json()
    (problem,) = (one for one in checkout["problems"] if one["path"] == "address.postcode")
    assert (checkout["address"]["country"], checkout["address"]["name"]) == ("GB", "Ada Lovelace")
    assert problem["field"] == {"name": "postcode", "label": "Postleitzahl", "example": "EC1Y 8SY"}
    assert [one["id"] for one in checkout["methods"]] == ["card"]
