"""A slow bank keeps nobody waiting: the shopper has an answer at once, and others go on buying."""

import asyncio

from doorstep.plug.payment import PaymentCall, PaymentOutcome
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.shop import served_shop, until


class SlowBank(SandboxPayments):
    """A bank that answers for the token `slow` only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.hurry = asyncio.Event()

    async def call(self, request: PaymentCall) -> PaymentOutcome:
        if request.token == "slow":
            await self.hurry.wait()
        return await super().call(request)


async def test_others_are_served_while_the_bank_thinks(database_url: str) -> None:
    bank = SlowBank()
    async with served_shop(database_url, bank) as shop:
        slow, quick = await shop.ready(), await shop.ready()
        placed = await shop.buy(slow, token="slow")
        await shop.buy(quick)
        await until(shop, quick, "completed")
        assert placed.json()["state"] == (await shop.look(slow))["state"] == "complete_in_progress"
        bank.hurry.set()
        refused = await until(shop, slow, "ready_for_complete")
    assert refused["payment"]["state"] == "declined"
