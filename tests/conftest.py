"""What every test may ask for: an empty database on SQLite, on PostgreSQL, or on both in turn."""

import socket
import sys
from collections.abc import Iterator
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

from tests.postgres_server import OWN_SERVER, fresh_database, postgres_server

# A busy machine is slow and not wrong.
settings.register_profile("doorstep", deadline=None)
settings.load_profile("doorstep")

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path}/doorstep.db"


@pytest.fixture(scope="session")
def postgres_base_url() -> Iterator[str]:
    """A PostgreSQL server, one for each test process, started when the first test asks for it."""
    with postgres_server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_base_url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped afterwards."""
    with fresh_database(postgres_base_url) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database on SQLite, then on PostgreSQL: the test runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def _only_loopback(event: str, arguments: tuple[object, ...]) -> None:
    """Tests talk to this machine alone; a test that reaches for the world fails where it does so."""
    if event == "socket.connect" and isinstance(address := arguments[1], tuple) and address[0] not in _ALLOWED:
        raise PermissionError(f"A test may connect to loopback only, not to {address[0]}: use a sandbox provider.")


def _allowed_hosts() -> set[str]:
    own = urlsplit(environ.get(OWN_SERVER, "")).hostname
    return _LOOPBACK | ({own, socket.gethostbyname(own)} if own else set())


_ALLOWED = _allowed_hosts()
sys.addaudithook(_only_loopback)
