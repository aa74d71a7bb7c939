"""Every answer protects who reads it, and no answer lets another site read it."""

import pytest

from tests.stories.shop import Shop

_PATHS = ("/healthz", "/nowhere", "/api/v1/orders", "/api/docs", "/api/docs/openapi.json", "/api/docs/style.css")
_EXPECTED = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", _PATHS)
async def test_every_answer_has_the_security_headers(shop: Shop, path: str) -> None:
    headers = (await shop.http.get(path)).headers
    assert {name: headers[name] for name in _EXPECTED} == _EXPECTED


@pytest.mark.parametrize("path", _PATHS)
async def test_no_other_site_may_read_an_answer(shop: Shop, path: str) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    for method in ("GET", "OPTIONS"):
        answer = await shop.http.request(method, path, headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/healthz", "/api/docs"])
async def test_head_is_get_without_the_body(shop: Shop, path: str) -> None:
    get, head = await shop.http.get(path), await shop.http.head(path)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, get.headers["content-length"], b"")
