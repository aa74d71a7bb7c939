"""A proxy is believed only when it is trusted."""

from typing import Any

import pytest

from doorstep.kernel.errors import Refused
from doorstep.web.clients import Client, Clients


def scope(peer: str | None, scheme: str = "http", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"client": (peer, 1) if peer else None, "scheme": scheme, "headers": pairs}


@pytest.mark.parametrize(
    ("trusted", "peer", "said", "address"),
    [
        ("", "10.0.0.9", "1.2.3.4", "10.0.0.9"),
        ("10.0.0.0/8", "10.0.0.9", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.0/8", "9.9.9.9", "1.2.3.4", "9.9.9.9"),
        ("10.0.0.0/8", "10.0.0.9", "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        ("10.0.0.0/8", "10.0.0.9", "1.2.3.4, nonsense", "10.0.0.9"),
        ("10.0.0.0/8", "10.0.0.9", "", "10.0.0.9"),
        ("10.0.0.0/8", "10.0.0.9", "10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("10.0.0.0/8", "::ffff:10.0.0.9", "1.2.3.4:5678", "1.2.3.4"),
        ("::1, 10.0.0.1", "::1", "[2001:db8::7]:443", "2001:db8::7"),
        ("10.0.0.0/8", None, "1.2.3.4", "unknown"),
    ],
)
def test_a_client_is_the_last_hop_that_is_not_trusted(trusted: str, peer: str, said: str, address: str) -> None:
    assert Clients(trusted).of(scope(peer, x_forwarded_for=said)).address == address


@pytest.mark.parametrize(
    ("peer", "scheme", "said", "is_https"),
    [
        ("10.0.0.9", "http", "https", True),
        ("10.0.0.9", "https", "http", False),
        ("10.0.0.9", "https", "", True),
        ("10.0.0.9", "http", "https, http", False),
        ("9.9.9.9", "http", "https", False),
        ("9.9.9.9", "https", "http", True),
    ],
)
def test_https_is_what_the_client_speaks(peer: str, scheme: str, said: str, *, is_https: bool) -> None:
    found = Clients("10.0.0.0/8").of(scope(peer, scheme, x_forwarded_proto=said))
    assert found == Client(peer, is_https)


@pytest.mark.parametrize("said", ["proxy.example", "10.0.0.0/99", "1.2.3"])
def test_what_is_no_network_is_refused(said: str) -> None:
    with pytest.raises(Refused, match="TRUSTED_PROXIES"):
        Clients(said)
