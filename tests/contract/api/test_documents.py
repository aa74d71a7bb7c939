"""The documentation is the API: its examples are real, and no request is answered in a way it does not say."""

import asyncio
import threading
from collections.abc import Iterator

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from doorstep.web.api.checkout_views import CheckoutView
from doorstep.web.api.docs import page
from doorstep.web.api.openapi import errors_of, openapi
from doorstep.web.api.table import ENDPOINTS
from doorstep.web.endpoint import AnyEndpoint, Endpoint
from tests.stories.shop import BEARER, Shop, serving_shop

_ENDPOINTS = [pytest.param(endpoint, id=f"{endpoint.method} {endpoint.path}") for endpoint in ENDPOINTS]


def takes_something(endpoint: object) -> bool:
    """Whether there is anything that could be wrong in a request."""
    assert isinstance(endpoint, Endpoint)
    return bool(endpoint.body or endpoint.parameters or "{name}" in endpoint.path)


def has_floats(body: object) -> bool:
    """Whether a body has a number such as 2.0: a whole number for JSON Schema, and none for us."""
    if isinstance(body, dict | list):
        return any(map(has_floats, body.values() if isinstance(body, dict) else body))
    return isinstance(body, float)


_NEEDS_MORE = (
    *("/api/v1/orders/batches", "/api/v1/items/imports"),
    *("/api/v1/stock/counts", "/api/v1/stock/adjustments"),
)
"""Where a body must be more than its schema can say: a file in CSV, one of two fields, what another field asks for."""
_DESCRIPTION = schemathesis.openapi.from_dict(openapi(ENDPOINTS))


@pytest.mark.parametrize("endpoint", _ENDPOINTS)
def test_each_example_is_what_its_type_says(endpoint: AnyEndpoint) -> None:
    for example in filter(None, (endpoint.example, endpoint.example_body)):
        assert msgspec.json.decode(msgspec.json.encode(example), type=type(example)) == example


@pytest.mark.parametrize("endpoint", _ENDPOINTS)
def test_each_error_is_declared_with_its_status(endpoint: AnyEndpoint) -> None:
    declared = openapi(ENDPOINTS)["paths"][endpoint.path][endpoint.method.lower()]["responses"]
    shown = {
        (int(status), code)
        for status, answer in declared.items()
        for code in answer.get("content", {}).get("application/problem+json", {}).get("examples", ())
    }
    assert shown == {(error.status, error.code) for error in errors_of(endpoint)}


async def test_the_examples_are_what_happens(shop: Shop) -> None:
    answer = await shop.http.post("/api/v1/checkouts", json={"lines": [{"sku": "MUG", "quantity": 2}]})
    shown = ENDPOINTS[0].example
    got = msgspec.json.decode(answer.content, type=CheckoutView)
    assert (got.state, got.problems, got.totals) == (shown.state, shown.problems, shown.totals)


async def test_the_page_lists_every_url_and_loads_nothing_from_elsewhere(shop: Shop) -> None:
    answer = await shop.http.get("/api/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert all(endpoint.path in answer.text for endpoint in ENDPOINTS)
    assert "<script" not in answer.text
    assert 'src="http' not in answer.text


def test_every_problem_of_the_page_can_be_linked_to() -> None:
    shown = page(ENDPOINTS)
    assert all(f'<dt id="{error.code}">' in shown for endpoint in ENDPOINTS for error in errors_of(endpoint))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that runs beside the test."""
    url = f"sqlite:///{tmp_path_factory.mktemp('api')}/doorstep.db"
    ports: list[int] = []
    listens, enough = threading.Event(), threading.Event()

    async def run() -> None:
        async with serving_shop(url) as (_, port):
            ports.append(port)
            listens.set()
            await asyncio.to_thread(enough.wait)

    beside = threading.Thread(target=lambda: asyncio.run(run()))
    beside.start()
    assert listens.wait(20)
    yield f"http://127.0.0.1:{ports[0]}"
    enough.set()
    beside.join()


@pytest.mark.parametrize("endpoint", _ENDPOINTS)
@settings(max_examples=30, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_a_request_as_described_is_answered_as_described(
    data: st.DataObject, served: str, endpoint: AnyEndpoint
) -> None:
    case = data.draw(_DESCRIPTION[endpoint.path][endpoint.method].as_strategy())
    assume(not has_floats(case.body))
    is_opaque = {"cursor", "q"} & {*(case.query or {})} or endpoint.path in _NEEDS_MORE
    answer = case.call_and_validate(
        base_url=served, headers=BEARER, excluded_checks=[positive_data_acceptance] if is_opaque else []
    )
    assert answer.status_code < 500


@pytest.mark.parametrize("endpoint", [one for one in _ENDPOINTS if takes_something(one.values[0])])
@settings(max_examples=30, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_any_other_request_is_refused_as_described(data: st.DataObject, served: str, endpoint: AnyEndpoint) -> None:
    operation = _DESCRIPTION[endpoint.path][endpoint.method]
    case = data.draw(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    # The token that is sent mends a request whose only fault was that it lacked one.
    is_mended = endpoint.needs is not None
    answer = case.call_and_validate(
        base_url=served, headers=BEARER, excluded_checks=[negative_data_rejection] if is_mended else []
    )
    assert answer.status_code < 500
