"""A checkout over HTTP: what may be given, what is answered."""

from typing import Any

import pytest

from tests.stories.shop import ADA, BEARER, Shop


async def change(shop: Shop, checkout: Any, **fields: Any) -> Any:
    """The checkout after some of its fields were changed."""
    return (await shop.http.patch(f"/api/v1/checkouts/{checkout['id']}", json=fields)).json()


async def test_a_new_checkout_says_where_it_is_and_what_is_missing(shop: Shop) -> None:
    answer = await shop.http.post("/api/v1/checkouts", json={"lines": [{"sku": "MUG", "quantity": 2}]})
    checkout = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/checkouts/{checkout['id']}")
    assert (checkout["state"], checkout["currency"]) == ("incomplete", "GBP")
    assert checkout["totals"]["total_minor"] == 2000
    paths = [problem["path"] for problem in checkout["problems"]]
    assert paths == ["buyer.email", "address", "service", "method"]


async def test_with_an_address_there_are_options_and_tax(shop: Shop) -> None:
    checkout = await shop.ready(quantity=2)
    (option,) = checkout["options"]
    assert (option["service"], option["price_minor"], option["transit_days"]) == ("standard", 500, 3)
    totals = checkout["totals"]
    assert (totals["subtotal_minor"], totals["delivery_minor"], totals["tax_minor"]) == (2000, 500, 416)


async def test_a_line_that_is_no_item_is_shown_among_the_others(shop: Shop) -> None:
    lines = [{"sku": sku, "quantity": 1} for sku in ("MUG", "GHOST", "VASE")]
    checkout = (await shop.http.post("/api/v1/checkouts", json={"lines": lines})).json()
    assert [line["name"] for line in checkout["lines"]] == ["Mug", None, "Vase"]
    assert checkout["problems"][0]["path"] == "lines[1].sku"


async def test_only_what_is_given_changes(shop: Shop) -> None:
    checkout = await change(shop, await shop.ready(), reference="cart 7")
    assert (checkout["reference"], checkout["buyer"]["email"], checkout["version"]) == ("cart 7", ADA.email, 3)


async def test_null_removes_what_absence_keeps(shop: Shop) -> None:
    checkout = await change(shop, await shop.ready(), buyer=None)
    assert (checkout["buyer"], checkout["method"], checkout["state"]) == (None, "card", "incomplete")


async def test_null_is_no_value_for_what_must_be_there(shop: Shop) -> None:
    refused = await change(shop, await shop.cart(), lines=None)
    assert (refused["code"], refused["fields"]) == ("invalid_body", {"lines": "It must be a list, not null."})


async def test_a_completed_checkout_cannot_be_changed(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout)
    assert (await change(shop, checkout, method=None))["code"] == "checkout_closed"


async def test_an_unfinished_checkout_cannot_be_completed(shop: Shop) -> None:
    refused = (await shop.buy(await shop.cart())).json()
    assert (refused["code"], refused["fields"]["address"]) == ("checkout_not_ready", "A delivery address is needed.")


async def test_an_expired_checkout_cannot_be_completed(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.later(minutes=1441)
    assert (await shop.buy(checkout)).json()["code"] == "checkout_expired"


async def test_a_price_cannot_be_brought_along(shop: Shop) -> None:
    lines = [{"sku": "MUG", "quantity": 1, "unit_price_minor": 1}]
    refused = (await shop.http.post("/api/v1/checkouts", json={"lines": lines})).json()
    assert refused["fields"] == {"lines[0].unit_price_minor": "There is no such field."}


@pytest.mark.parametrize("postcode", ["SW1A 1AA GARBAGE<script>", "GIR 0AA AND MORE", "1"])
async def test_a_postcode_is_wholly_one(shop: Shop, postcode: str) -> None:
    ready = await shop.ready()
    checkout = await change(shop, ready, address={**ready["address"], "postcode": postcode})
    assert [problem["path"] for problem in checkout["problems"]] == ["address.postcode"]


@pytest.mark.parametrize(
    "header", [{}, {"Idempotency-Key": ""}, {"Idempotency-Key": "k" * 129}, {"Idempotency-Key": "ü"}]
)
async def test_completing_needs_a_key(shop: Shop, header: dict[str, str]) -> None:
    checkout = await shop.ready()
    url = f"/api/v1/checkouts/{checkout['id']}/complete"
    headers = [(name.encode(), value.encode()) for name, value in header.items()]
    refused = await shop.http.post(url, json={"total_minor": 1500}, headers=headers)
    expected = "bad_idempotency_key" if header else "idempotency_key_missing"
    assert (refused.status_code, refused.json()["code"]) == (400, expected)
    assert (await shop.http.get("/api/v1/orders", headers=BEARER)).json()["orders"] == []


async def test_the_longest_key_is_taken(shop: Shop) -> None:
    assert (await shop.buy(await shop.ready(), key="~ " * 63 + "~~")).status_code == 200
