"""Who may: every URL, asked by everybody. What is needed stands in the table, and nothing else opens it."""

import pytest

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish
from doorstep.access.model.permissions import Permission
from doorstep.web.api.table import ENDPOINTS
from doorstep.web.endpoint import AnyEndpoint
from tests.stories.shop import TOKEN, Shop

_REFUSED = (401, 403)
_ENDPOINTS = [pytest.param(endpoint, id=f"{endpoint.method} {endpoint.path}") for endpoint in ENDPOINTS]


async def status(shop: Shop, endpoint: AnyEndpoint, bearer: str) -> int:
    """What somebody is answered who says nothing else."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    path = endpoint.path.replace("{name}", "none")
    return (await shop.http.request(endpoint.method, path, headers=headers)).status_code


async def key_for(shop: Shop, *permissions: Permission) -> str:
    """A key with some permissions and no other."""
    async with shop.app.database.begin() as tx:
        return await Access().issue(tx, By(COMMAND, shop.app.clock.now()), KeyWish("a program", permissions))


@pytest.mark.parametrize("endpoint", _ENDPOINTS)
async def test_a_stranger_may_do_what_needs_nothing(shop: Shop, endpoint: AnyEndpoint) -> None:
    for bearer in ("", "nonsense", "dsk_1_2"):
        assert (await status(shop, endpoint, bearer) == 401) == (endpoint.needs is not None)


async def test_a_key_may_do_what_its_permission_says_and_nothing_else(shop: Shop) -> None:
    wrong = []
    for permission in Permission:
        key = await key_for(shop, permission)
        for endpoint in ENDPOINTS:
            is_refused = await status(shop, endpoint, key) in _REFUSED
            if is_refused != (endpoint.needs not in (None, permission)):
                wrong.append((permission.value, endpoint.method, endpoint.path))
    assert wrong == []


@pytest.mark.parametrize("endpoint", _ENDPOINTS)
async def test_who_is_known_and_may_not_is_told_so(shop: Shop, endpoint: AnyEndpoint) -> None:
    key = await key_for(shop, *(one for one in Permission if one is not endpoint.needs))
    assert (await status(shop, endpoint, key) == 403) == (endpoint.needs is not None)


@pytest.mark.parametrize("endpoint", _ENDPOINTS)
async def test_the_deployment_itself_may_do_everything(shop: Shop, endpoint: AnyEndpoint) -> None:
    assert await status(shop, endpoint, TOKEN) not in _REFUSED


def test_whatever_changes_orders_stock_jobs_or_keys_needs_a_permission_and_a_key_of_the_callers() -> None:
    changing = [one for one in ENDPOINTS if one.method != "GET" and not one.path.endswith("/preview")]
    free = [one.path for one in changing if not (one.needs and one.once)]
    assert all(path.startswith(("/api/v1/checkouts", "/api/v1/providers")) for path in free)
