"""Orders are read with an API key as with the token of the deployment."""

from datetime import timedelta

import pytest

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish
from tests.stories.shop import Shop


async def _key(shop: Shop, *, days: int | None = None) -> str:
    async with shop.app.database.begin() as tx:
        return await Access().issue(
            tx, By(COMMAND, shop.app.clock.now()), KeyWish("storefront", ("orders:read",), days)
        )


async def _status(shop: Shop, key: str) -> int:
    return (await shop.http.get("/api/v1/orders", headers={"Authorization": f"Bearer {key}"})).status_code


async def test_a_key_reads_orders(shop: Shop) -> None:
    assert await _status(shop, await _key(shop)) == 200


async def test_a_key_whose_secret_is_wrong_reads_nothing(shop: Shop) -> None:
    key = await _key(shop)
    assert await _status(shop, f"{key[:-1]}{'0' if key[-1] != '0' else '1'}") == 401


@pytest.mark.parametrize("key", ["dsk_", "dsk_1_2", "dsk_1_2_3", "dsk_ü_2"])
async def test_what_only_looks_like_a_key_reads_nothing(shop: Shop, key: str) -> None:
    header = {b"Authorization": f"Bearer {key}".encode()}
    assert (await shop.http.get("/api/v1/orders", headers=header)).status_code == 401


async def test_a_revoked_key_reads_nothing(shop: Shop) -> None:
    key = await _key(shop)
    async with shop.app.database.begin() as tx:
        (kept,) = await Access().everything(tx)
        await Access().revoke(tx, By(COMMAND, shop.app.clock.now()), kept.id)
    assert await _status(shop, key) == 401


async def test_an_expired_key_reads_nothing(shop: Shop) -> None:
    async with shop.app.database.begin() as tx:
        yesterday = shop.app.clock.now() - timedelta(days=1)
        key = await Access().issue(tx, By(COMMAND, yesterday), KeyWish("storefront", ("orders:read",), 1))
    assert await _status(shop, key) == 401
