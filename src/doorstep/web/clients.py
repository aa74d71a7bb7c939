"""Who is at the other end of a connection, past the proxies that this deployment trusts, and whether it is HTTPS."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from msgspec import Struct

from doorstep.kernel.errors import Refused

UNKNOWN = "unknown"
_Network = IPv4Network | IPv6Network


class Client(Struct, frozen=True):
    """Where a request comes from, and whether it came by HTTPS."""

    address: str
    is_https: bool


class Clients:
    """Knows clients. What `X-Forwarded-…` headers say is believed only of the trusted proxies."""

    def __init__(self, trusted_proxies: str = "") -> None:
        self._trusted = networks(trusted_proxies)
        self._is_trusted = lru_cache(maxsize=1024)(self._lies_in_trusted)

    def of(self, scope: Any) -> Client:
        """The client of a request: behind trusted proxies, the last hop that is none of them."""
        peer = scope.get("client")
        address = _plain(peer[0]) if peer else UNKNOWN
        if not self._trusted or not self._is_trusted(address):
            return Client(address, scope.get("scheme") == "https")
        return Client(self._hop(scope, address), self.is_https(scope))

    def is_https(self, scope: Any) -> bool:
        """Whether the client speaks HTTPS, to us or to the proxy before us."""
        if self._trusted and (peer := scope.get("client")) and self._is_trusted(_plain(peer[0])):
            said = _header(scope, b"x-forwarded-proto").rpartition(",")[2].strip().lower()
            return said == "https" if said else scope.get("scheme") == "https"
        return bool(scope.get("scheme") == "https")

    def _hop(self, scope: Any, address: str) -> str:
        for hop in reversed(_header(scope, b"x-forwarded-for").split(",")):
            said = _plain(_without_port(hop.strip()))
            if said == UNKNOWN:
                return address
            address = said
            if not self._is_trusted(address):
                return address
        return address

    def _lies_in_trusted(self, address: str) -> bool:
        return address != UNKNOWN and any(ip_address(address) in network for network in self._trusted)


def networks(said: str) -> tuple[_Network, ...]:
    """Addresses and networks in CIDR notation, separated by commas."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in said.split(",") if part.strip())
    except ValueError as error:
        raise Refused("bad_setting", f"DOORSTEP_TRUSTED_PROXIES holds no address or network: {error}.") from None


def _plain(said: str) -> str:
    """An address in its one form; an IPv4 address that is written as IPv6 is IPv4."""
    try:
        address = ip_address(said)
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


def _without_port(said: str) -> str:
    if said.startswith("["):
        return said[1:].partition("]")[0]
    return said.partition(":")[0] if said.count(":") == 1 else said


def _header(scope: Any, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)
