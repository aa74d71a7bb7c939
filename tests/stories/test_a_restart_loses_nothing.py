"""The server is restarted between placing and authorizing: the order is authorized, once."""

from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.shop import MORNING, opened_shop


async def test_an_order_placed_before_a_restart_is_authorized_after_it(database_url: str) -> None:
    bank, clock = SandboxPayments(), SimulatedClock(MORNING)
    async with opened_shop(database_url, bank, clock) as shop:
        await shop.app.worker.start()
        checkout = await shop.ready()
        await shop.buy(checkout)
        await shop.app.worker.leave()
    assert bank.books() == ()
    async with opened_shop(database_url, bank, clock) as shop:
        await shop.app.worker.start()
        await shop.work()
        assert (await shop.order(checkout))["stage"] == "confirmed"
        assert (await shop.buy(checkout)).json()["state"] == "completed"
        await shop.app.worker.leave()
    assert [movement.amount for movement in bank.books()] == [1500]
