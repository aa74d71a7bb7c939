"""Where a request comes from: the address, and whether the way from there was encrypted, proxies seen through."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from msgspec import Struct

from doorstep.kernel.errors import Refused
from doorstep.web.asgi import Scope

Address = IPv4Address | IPv6Address


class Client(Struct, frozen=True):
    """Who is at the other end."""

    address: str
    is_secure: bool


class Network:
    """How this deployment is reached: which proxies stand before it, and whether it is public under TLS."""

    def __init__(self, trusted_proxies: str = "", public_url: str = "") -> None:
        self._trusted = _networks(trusted_proxies)
        self.is_public_secure = public_url.startswith("https://")

    def client(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Client:
        """Who is at the other end. Forwarding headers are believed of proxies that are trusted, and of no one else: of
        the addresses that a request passed, the last one that is not such a proxy is the client.
        """
        peer = (scope.get("client") or ("", 0))[0]
        if not self._trusted or not self._is_trusted(peer):
            return Client(peer, self.is_public_secure or scope.get("scheme") == "https")
        passed = [part.strip() for part in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")[-20:]]
        known = [part for part in passed if _address(part)]
        client = next((part for part in reversed(known) if not self._is_trusted(part)), known[0] if known else peer)
        is_secure = headers.get(b"x-forwarded-proto", b"").strip().lower() == b"https"
        return Client(client, is_secure or self.is_public_secure)

    def _is_trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Refused(
            "bad_setting", f"DOORSTEP_TRUSTED_PROXIES is a list of addresses or networks such as 10.0.0.0/8: {error}."
        ) from None


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
