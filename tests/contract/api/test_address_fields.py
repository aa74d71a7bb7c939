"""A storefront draws its form of an address from the API."""

import httpx

from tests.stories.shop import Shop

_URL = "/api/v1/address-fields"


async def asked(shop: Shop, **query: str) -> httpx.Response:
    """The answer to a request for the fields of a country."""
    return await shop.http.get(_URL, params=query)


async def test_the_example_of_the_documentation_is_true(shop: Shop) -> None:
    documented = (await shop.http.get("/api/docs/openapi.json")).json()["paths"][_URL]["get"]["responses"]["200"]
    assert (await asked(shop, country="GB", locale="en")).json() == documented["content"]["application/json"]["example"]


async def test_labels_are_in_the_language_that_is_asked_for(shop: Shop) -> None:
    fields = (await asked(shop, country="DE", locale="de-AT")).json()["fields"]
    assert [one["label"] for one in fields if one["name"] in ("postcode", "city")] == ["Postleitzahl", "Ort"]


async def test_regions_are_chosen_by_their_names_and_narrow_down_the_example(shop: Shop) -> None:
    fields = {one["name"]: one for one in (await asked(shop, country="US", region="California")).json()["fields"]}
    assert {"id": "CA", "label": "California"} in fields["region"]["choices"]
    assert (fields["postcode"]["label"], fields["postcode"]["example"]) == ("ZIP code", "90000")


async def test_what_did_not_change_is_not_sent_again(shop: Shop) -> None:
    first = await asked(shop, country="GB")
    again = await shop.http.get(_URL, params={"country": "GB"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_country_that_is_none_is_refused_with_what_was_meant(shop: Shop) -> None:
    refused = await asked(shop, country="UK")
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_country")
    assert refused.json()["detail"].endswith("meant: GB.")
    assert (await asked(shop)).status_code == 404
