"""A server is killed right after it has placed an order: the next one finds one order, and charges it once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.shop import free_port

_TOKEN = "a-token-for-the-tests"
_PLAN = """
[store]
name = "Mugs"
country = "GB"
currency = "GBP"
[locations.main]
[payment.methods.card]
name = "Card"
provider = "sandbox"
[shipping.zones.home]
countries = ["GB"]
[shipping.services.standard]
name = "Standard"
[shipping.services.standard.rates.home]
price = "5.00"
transit_days = 3
"""
_CART = {
    "lines": [{"sku": "MUG", "quantity": 1}],
    "buyer": {"email": "ada@example.com", "name": "Ada"},
    "address": {"country": "GB", "name": "Ada", "street": "1 High Street", "city": "Leeds", "postcode": "LS1 1UR"},
    "service": "standard",
    "method": "card",
}
_PATIENCE_SECONDS = 60


def doorstep(place: Path, url: str, *words: str, port: int = 8000) -> "subprocess.Popen[bytes]":
    """A command of the program, as anybody gives it."""
    ours = {"DATABASE_URL": url, "PLAN": "plan.toml", "DATA_DIR": "books", "PORT": str(port), "API_TOKEN": _TOKEN}
    environment = {**os.environ, **{f"DOORSTEP_{name}": value for name, value in ours.items()}}
    command = [sys.executable, "-m", "doorstep", *words]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=place, env=environment, stdout=quiet, stderr=quiet)


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Path:
    """A folder with a plan, a store with mugs in its database."""
    (tmp_path / "plan.toml").write_text(_PLAN, "utf-8")
    (tmp_path / "items.csv").write_text("sku,name,price,weight_grams\nMUG,Mug,10.00,300\n", "utf-8")
    (tmp_path / "stock.csv").write_text("sku,location,on_hand\nMUG,main,5\n", "utf-8")
    for words in (("migrate",), ("import", "items", "items.csv"), ("import", "stock", "stock.csv")):
        assert doorstep(tmp_path, database_url, *words).wait(_PATIENCE_SECONDS) == 0
    return tmp_path


@contextmanager
def serving(place: Path, url: str) -> Iterator[tuple["subprocess.Popen[bytes]", httpx.Client]]:
    """A server that is ready; killed afterwards."""
    port = free_port()
    with (
        doorstep(place, url, "serve", port=port) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE_SECONDS) as http,
    ):
        try:
            until(lambda: is_ready(http))
            yield process, http
        finally:
            process.kill()


def is_ready(http: httpx.Client) -> bool:
    try:
        return http.get("/readyz").is_success
    except httpx.TransportError:
        return False


def until(is_so: Any) -> None:
    patience = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < patience


def test_one_order_and_one_charge_though_the_server_was_killed(place: Path, database_url: str) -> None:
    with serving(place, database_url) as (process, http):
        cart = http.post("/api/v1/checkouts", json=_CART).json()
        path, key = f"/api/v1/checkouts/{cart['id']}", {"Idempotency-Key": "once"}
        agreed = {"total_minor": cart["totals"]["total_minor"], "token": "approve"}
        placed = http.post(f"{path}/complete", json=agreed, headers=key).json()
        os.kill(process.pid, signal.SIGKILL)
    with serving(place, database_url) as (_, http):
        again = http.post(f"{path}/complete", json=agreed, headers=key).json()
        until(lambda: http.get(path).json()["state"] == "completed")
        orders = http.get("/api/v1/orders", headers={"Authorization": f"Bearer {_TOKEN}"}).json()["orders"]
    assert placed["order"] == again["order"]
    assert [order["number"] for order in orders] == [placed["order"]["number"]]
    assert [one.amount for one in SandboxPayments(place / "books" / "payments.jsonl").books()] == [1500]
