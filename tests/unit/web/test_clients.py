"""Forwarding headers are believed of trusted proxies, and of no one else."""

import pytest

from doorstep.kernel.errors import Refused
from doorstep.web.clients import Client, Network

_PROXIES = Network("10.0.0.0/8, ::1")


def asked(peer: str, forwarded: str = "", proto: str = "") -> Client:
    """Who asks, as far as the network with two proxies can tell."""
    headers = {b"x-forwarded-for": forwarded.encode(), b"x-forwarded-proto": proto.encode()}
    return _PROXIES.client({"client": (peer, 1), "scheme": "http"}, headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("10.0.0.1", "made up, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "10.9.9.9", "10.9.9.9"),
    ],
)
def test_the_client_is_the_last_that_is_no_proxy_of_ours(peer: str, forwarded: str, client: str) -> None:
    assert asked(peer, forwarded).address == client


def test_only_a_trusted_proxy_can_say_that_the_way_was_encrypted() -> None:
    assert asked("10.0.0.1", "198.51.100.1", "https").is_secure
    assert not asked("203.0.113.9", "198.51.100.1", "https").is_secure


def test_a_public_address_under_tls_makes_every_way_encrypted() -> None:
    assert Network("", "https://shop.example").client({"client": ("203.0.113.9", 1)}, {}).is_secure


@pytest.mark.parametrize("text", ["everyone", "10.0.0.0/99", "10.0.0.1;10.0.0.2"])
def test_a_list_of_proxies_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="DOORSTEP_TRUSTED_PROXIES"):
        Network(text)
