"""A sale ends: many press Buy for the last vase at once. All are told; some carts say so a moment later."""

import asyncio
from typing import Any

from tests.stories.a_scarce_shop import Scarce, scarce_shop
from tests.stories.shop import Shop

_BUYERS = 40


async def carts(scarce: Scarce) -> list[Any]:
    return [await scarce.cart(VASE=1) for _ in range(_BUYERS)]


async def asked(shop: Shop, cart: Any) -> bool:
    """Whether a cart says what is in the way by now."""
    return bool((await shop.look(cart))["problems"])


async def test_all_are_told_at_once_and_asked_in_a_moment(database_url: str) -> None:
    async with scarce_shop(database_url) as scarce:
        shop, every = scarce.shop, await carts(scarce)
        answers = await asyncio.gather(*(shop.buy(cart, key=cart["id"]) for cart in every))
        losers = [cart for cart, answer in zip(every, answers, strict=True) if answer.status_code == 422]
        assert len(losers) == _BUYERS - 1
        first = sum([await asked(shop, cart) for cart in losers])
        await shop.later(minutes=1)
        then = sum([await asked(shop, cart) for cart in losers])
    assert 0 < first < then == len(losers)
