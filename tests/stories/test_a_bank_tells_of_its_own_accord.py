"""The bank tells by webhook what became of a payment: signed, in time. It is asked then, and not believed."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import msgspec
import pytest
import pytest_asyncio

from doorstep.kernel.clock import SimulatedClock
from doorstep.kernel.ids import child
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.providers.sandbox_webhooks import WINDOW_SECONDS, signature
from tests.stories.shop import MORNING, Shop, opened_shop

SECRET = "a secret of the shop and its bank"
URL = "/api/v1/providers/sandbox/webhooks"


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    """A shop whose bank signs what it tells."""
    async with opened_shop(database_url, SandboxPayments(webhook_secret=SECRET), SimulatedClock(MORNING)) as shop:
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()


def told(key: str, event: str = "evt_1") -> bytes:
    """An event as the bank writes it; that it was for a million is a lie."""
    return msgspec.json.encode({"id": event, "key": key, "outcome": {"verdict": "succeeded", "amount": 10**6}})


async def tell(shop: Shop, body: bytes, header: str = "", *, late_seconds: float = 0) -> httpx.Response:
    """What the bank is answered."""
    sent_at = shop.clock.now() - timedelta(seconds=late_seconds)
    return await shop.http.post(
        URL, content=body, headers={"Sandbox-Signature": header or signature(SECRET, body, sent_at)}
    )


async def challenged(shop: Shop, *, approved: bool = True) -> tuple[object, str]:
    """A checkout whose shopper has just been at the bank, and the payment."""
    checkout = await shop.ready()
    order_id = (await shop.buy(checkout, token="challenge")).json()["order"]["id"]
    await shop.work()
    payment = child("pay", order_id, 1)
    shop.bank.complete_challenge(payment, approved=approved)
    return checkout, payment


@pytest.mark.parametrize(("approved", "state"), [(True, "completed"), (False, "ready_for_complete")])
async def test_a_checkout_ends_as_soon_as_the_bank_tells(shop: Shop, state: str, *, approved: bool) -> None:
    checkout, payment = await challenged(shop, approved=approved)
    assert (await tell(shop, told(payment))).json() == {"asked": 1}
    await shop.work()
    assert (await shop.look(checkout))["state"] == state


async def test_told_many_times_it_is_one_charge_of_what_was_agreed(shop: Shop) -> None:
    checkout, payment = await challenged(shop)
    for event in ("evt_1", "evt_1", "evt_2", "evt_3"):
        assert (await tell(shop, told(payment, event))).status_code == 200
    await shop.work()
    assert (await tell(shop, told(payment, "evt_4"))).json() == {"asked": 0}
    assert [movement.amount for movement in shop.bank.books()] == [1500]
    assert (await shop.order(checkout))["money"]["authorized_minor"] == 1500


async def test_a_success_that_is_none_is_not_believed(shop: Shop) -> None:
    checkout = await shop.ready()
    order_id = (await shop.buy(checkout, token="challenge")).json()["order"]["id"]
    await shop.work()
    await tell(shop, told(child("pay", order_id, 1)))
    await shop.work()
    assert ((await shop.look(checkout))["payment"]["state"], shop.bank.books()) == ("action_required", ())


async def test_news_that_comes_before_the_answer_does_no_harm(shop: Shop) -> None:
    checkout = await shop.ready()
    order_id = (await shop.buy(checkout)).json()["order"]["id"]
    assert (await tell(shop, told(child("pay", order_id, 1)))).status_code == 200
    await shop.work()
    assert ((await shop.look(checkout))["state"], len(shop.bank.books())) == ("completed", 1)


async def test_news_of_a_lost_answer_spares_the_wait(shop: Shop) -> None:
    checkout = await shop.ready()
    order_id = (await shop.buy(checkout, token="timeout")).json()["order"]["id"]
    await shop.work()
    await tell(shop, told(child("pay", order_id, 1)))
    await shop.work()
    assert (await shop.look(checkout))["state"] == "completed"


@pytest.mark.parametrize("late", [WINDOW_SECONDS + 1, -WINDOW_SECONDS - 1])
async def test_what_was_sent_at_another_time_is_refused(shop: Shop, late: int) -> None:
    _, payment = await challenged(shop)
    assert (await tell(shop, told(payment), late_seconds=late)).status_code == 401


@pytest.mark.parametrize("header", ["", "t=1,v1=0", "t=1", f"t={MORNING.timestamp():.0f},v1={'0' * 64}", "é"])
async def test_what_is_not_signed_is_refused_without_a_reason(shop: Shop, header: str) -> None:
    checkout, payment = await challenged(shop)
    refused = await shop.http.post(URL, content=told(payment), headers=[(b"Sandbox-Signature", header.encode())])
    await shop.work()
    assert (refused.status_code, refused.json()["code"]) == (401, "not_genuine")
    assert (await shop.look(checkout))["state"] == "complete_in_progress"


@pytest.mark.parametrize("secret", ["", "another"])
async def test_another_secret_or_another_body_is_refused(shop: Shop, secret: str) -> None:
    _, payment = await challenged(shop)
    signed = signature(secret, told(payment), shop.clock.now())
    assert (await tell(shop, told(payment), signed)).status_code == 401
    genuine = signature(SECRET, told(payment), shop.clock.now())
    assert (await tell(shop, told(payment, "evt_2"), genuine)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"id": "e"}', b'{"id": "", "key": "k"}'])
async def test_what_is_signed_and_cannot_be_read_is_refused(shop: Shop, body: bytes) -> None:
    assert (await tell(shop, body)).status_code == 401


async def test_what_the_bank_has_never_been_asked_is_nothing(shop: Shop) -> None:
    assert (await tell(shop, told("pay_nobody"))).json() == {"asked": 0}


async def test_the_largest_body_is_bounded_and_other_names_are_unknown(shop: Shop) -> None:
    assert (await tell(shop, b"x" * 65_537)).status_code == 413
    other = await shop.http.post("/api/v1/providers/zone-rate/webhooks", content=b"{}")
    assert (other.status_code, other.json()["code"]) == (404, "no_such_webhook")
