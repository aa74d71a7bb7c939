"""Bodies that nobody sends by mistake are refused with a reason, and nothing else happens."""

import json
from collections.abc import AsyncIterator

import pytest

from doorstep.kernel.limits import BODY_BYTES_MAX, LINES_MAX
from tests.stories.shop import Shop

_JSON = {"Content-Type": "application/json"}
_MALFORMED = (b"", b"{", b"\xff\xfe", b'{"lines": [NaN]}', b'{"lines": []} more', b'"\\ud800"', b"\x00")
_LINE = '{"lines": [{"sku": "MUG", "quantity": %s}]}'
_WRONG = (
    ("[]", "body"),
    ("null", "body"),
    ("{}", "lines"),
    ('{"lines": {}}', "lines"),
    ('{"lines": [[]]}', "lines[0]"),
    ('{"lines": [{"quantity": 1}]}', "lines[0].sku"),
    ('{"lines": [{"sku": "\\u0000", "quantity": 1}]}', "lines[0].sku"),
    ('{"lines": [{"sku": "", "quantity": 1}]}', "lines[0].sku"),
    (f'{{"lines": [{{"sku": "{"x" * 65}", "quantity": 1}}]}}', "lines[0].sku"),
    *((_LINE % quantity, "lines[0].quantity") for quantity in ("0", "-1", "1.5", "true", '"1"', "1e400", "9" * 6000)),
    (_LINE % 1_000_001, "lines[0].quantity"),
    ('{"lines": [], "buyer": {"email": "a\\u0000@b.c"}}', "buyer.email"),
    ('{"lines": [], "buyer": {"email": "a@b.c", "name": "Ada\\n"}}', "buyer.name"),
    ('{"lines": [], "buyer": "ada"}', "buyer"),
    (json.dumps({"lines": [], "address": {"country": "x" * 61}}), "address.country"),
    (json.dumps({"lines": [], "address": {"country": "GB", "street": "x" * 301}}), "address.street"),
    ('{"lines": [], "deliveries_max": 0}', "deliveries_max"),
    ('{"lines": [], "locale": "<script>"}', "locale"),
    ('{"lines": [], "surprise": 1}', "surprise"),
    (json.dumps({"lines": [{"sku": "x", "quantity": 1}] * (LINES_MAX + 1)}), "lines"),
)


@pytest.mark.parametrize("body", _MALFORMED)
async def test_what_is_not_json_is_refused(shop: Shop, body: bytes) -> None:
    answer = await shop.http.post("/api/v1/checkouts", content=body, headers=_JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize(("body", "path"), _WRONG)
async def test_what_has_another_shape_is_refused_by_its_path(shop: Shop, body: str, path: str) -> None:
    answer = await shop.http.post("/api/v1/checkouts", content=body, headers=_JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_body")
    assert [*answer.json()["fields"]] == [path]


@pytest.mark.parametrize("opening", ["[", '{"lines":[', '{"lines":', '{"buyer":{"name":{"a":'])
async def test_deep_nesting_is_refused(shop: Shop, opening: str) -> None:
    answer = await shop.http.post("/api/v1/checkouts", content=opening * (900_000 // len(opening)), headers=_JSON)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("size", [BODY_BYTES_MAX + 1, 10_000_000])
async def test_a_body_that_is_too_large_is_refused(shop: Shop, size: int) -> None:
    answer = await shop.http.post("/api/v1/checkouts", content=b" " * size, headers=_JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_body_of_unknown_length_is_counted_while_it_comes(shop: Shop) -> None:
    asked = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked
        while asked < 1000:
            asked += 1
            yield b" " * 65536

    answer = await shop.http.post("/api/v1/checkouts", content=endless(), headers=_JSON)
    assert answer.status_code == 413
    assert asked < 20


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 40])
async def test_a_length_that_is_none_is_refused(shop: Shop, length: str) -> None:
    headers = [(b"Content-Type", b"application/json"), (b"Content-Length", length.encode())]
    answer = await shop.http.post("/api/v1/checkouts", content=b"{}", headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"])
async def test_a_form_of_another_site_is_refused(shop: Shop, kind: str) -> None:
    answer = await shop.http.post("/api/v1/checkouts", content='{"lines": []}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


@pytest.mark.parametrize("total", [-1, 10**15 + 1, 10**30, 1.5, "1500", None])
async def test_a_total_that_is_no_amount_is_refused(shop: Shop, total: object) -> None:
    checkout = await shop.ready()
    url = f"/api/v1/checkouts/{checkout['id']}/complete"
    answer = await shop.http.post(url, json={"total_minor": total}, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, [*answer.json()["fields"]]) == (422, ["total_minor"])
