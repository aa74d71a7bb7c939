"""A customer changes the address after ordering, by the link in their mail and without a script; and other things too,
until the order is packed.
"""

import re
from urllib.parse import urlsplit

from tests.stories.people import Browser, browsing
from tests.stories.shop import BEARER, Shop

HOME = {
    "address.country": "GB",
    "address.name": "Ada Lovelace",
    "address.street": "12 St James's Square",
    "address.city": "London",
    "address.postcode": "SW1Y 4JH",
}
AWAY = {**HOME, "address.street": "221B Baker Street", "address.postcode": "NW1 6XE"}
_HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')


async def ordered(shop: Shop, quantity: int = 1) -> tuple[str, str]:
    """The number of an order that is confirmed, and the path of its link in the mail."""
    number = await shop.ordered(quantity=quantity)
    mail = shop.app.providers.notification("kept").messages(number)  # type: ignore[attr-defined]
    link = re.search(r"https?://\S+/order/\S+", mail[0].text)
    assert link
    return number, urlsplit(link[0]).path


async def agree(customer: Browser, path: str) -> None:
    """Send the form of the page that says what it comes to, as it is."""
    fields: dict[str, str | list[str]] = {
        name: value for name, value in _HIDDEN.findall(customer.text) if name != "csrf"
    }
    await customer.post(f"{path}/change/agreement", **fields)


async def order(shop: Shop, number: str) -> dict[str, object]:
    found: dict[str, object] = (await shop.http.get(f"/api/v1/orders/{number}", headers=BEARER)).json()
    return found


async def test_a_customer_changes_the_address_after_ordering(shop: Shop) -> None:
    number, link = await ordered(shop)
    async with browsing(shop) as customer:
        await customer.get(link)
        assert "Would you like to change something?" in customer.text
        await customer.get(f"{link}/change")
        await customer.post(f"{link}/change", **AWAY)
        assert "The price stays the same." in customer.text
        await agree(customer, link)
        await customer.follow()
        assert "The order is changed." in customer.text
        assert "221B Baker Street" in customer.text
    address = (await order(shop, number))["address"]
    assert isinstance(address, dict)
    assert (address["street"], address["postcode"]) == ("221B Baker Street", "NW1 6XE")


async def test_what_is_missing_is_asked_for_in_its_field(shop: Shop) -> None:
    _, link = await ordered(shop)
    async with browsing(shop) as customer:
        await customer.get(f"{link}/change")
        answer = await customer.post(f"{link}/change", **{**AWAY, "address.postcode": "nowhere"})
        assert answer.status_code == 422
        assert 'value="nowhere"' in customer.text
        assert 'aria-invalid="true"' in customer.text


async def test_more_is_paid_as_the_order_was_and_then_it_is_changed(shop: Shop) -> None:
    number, link = await ordered(shop)
    async with browsing(shop) as customer:
        await customer.get(f"{link}/change")
        await customer.post(f"{link}/change", **{"units.1": "3"})
        assert "Pay £20.00 and change the order" in customer.text
        await agree(customer, link)
        await customer.follow()
        assert "Your change waits for its payment" in customer.text
        await shop.work()
        await customer.get(link)
        assert "2 × Mug" in customer.text
    assert len((await order(shop, number))["lines"]) == 2  # type: ignore[arg-type]


async def test_sent_twice_it_is_changed_once(shop: Shop) -> None:
    number, link = await ordered(shop, 3)
    async with browsing(shop) as customer:
        await customer.get(f"{link}/change")
        await customer.post(f"{link}/change", **{"units.1": "1"})
        seen = customer.seen
        await agree(customer, link)
        customer.seen = seen
        await agree(customer, link)
    changes = (await shop.http.get(f"/api/v1/orders/{number}/changes", headers=BEARER)).json()["changes"]
    assert [one["state"] for one in changes] == ["confirmed"]


async def test_a_customer_cancels_the_whole_order(shop: Shop) -> None:
    number, link = await ordered(shop)
    async with browsing(shop) as customer:
        await customer.get(link)
        await customer.post(f"{link}/cancel")
        await customer.follow()
        assert "Your order was canceled." in customer.text
    await shop.work()
    assert (await order(shop, number))["stage"] == "canceled"


async def test_once_it_is_being_packed_nothing_can_be_changed(shop: Shop) -> None:
    _, link = await ordered(shop)
    async with browsing(shop) as customer:
        await customer.get(link)
        page = customer.seen
        await shop.later(31)
        answer = await customer.post(f"{link}/cancel")
        assert answer.status_code == 409
        customer.seen = page
        moved = await customer.post(f"{link}/change", **AWAY)
        assert moved.status_code == 303
        await customer.follow()
        assert "This order cannot be changed now." in customer.text
        assert "Would you like to change something?" not in customer.text


async def test_the_trail_says_that_the_customer_did_it(shop: Shop) -> None:
    _, link = await ordered(shop)
    async with browsing(shop) as customer:
        await customer.get(f"{link}/change")
        await customer.post(f"{link}/change", **AWAY)
        await agree(customer, link)
    entries = (await shop.http.get("/api/v1/audit?act=order.change", headers=BEARER)).json()["entries"]
    assert [one["actor_kind"] for one in entries] == ["customer"]
    assert "Baker" not in str(entries)
