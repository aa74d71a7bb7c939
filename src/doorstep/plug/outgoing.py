"""Calls to addresses that somebody else chose: only out into the public internet, bounded in size and time.

Whoever lets a user name a URL (a webhook, a feed) calls it with `public_client`. A name is resolved here and checked,
and the connection is made to the very address that was checked, so that a name cannot point elsewhere a moment later.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from doorstep.kernel.errors import Refused

RESPONSE_BYTES_MAX = 1_000_000
SECONDS_MAX = 15.0

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Finds the addresses of a host and port."""
Address = IPv4Address | IPv6Address

_PORTS = {"http": 80, "https": 443}
_INWARD = tuple(
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared by carriers, RFC 6598; some clouds keep their metadata there
        "168.63.129.16/32",  # a cloud's own services, although the address is a public one
        "192.0.0.0/24",  # RFC 6890
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "64:ff9b::/96",  # NAT64, RFC 6052: holds an IPv4 address
        "64:ff9b:1::/48",  # NAT64, RFC 8215
        "2001::/32",  # Teredo, RFC 4380: holds an IPv4 address
        "2002::/16",  # 6to4, RFC 3056: holds an IPv4 address
        "fec0::/10",  # site-local, RFC 3879
    )
)


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as this machine finds them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and holds no other inside it."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return False
    if address.is_multicast or address.is_unspecified or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _INWARD if network.version == address.version)


class PublicOnly(httpx.AsyncBaseTransport):
    """Connects to public addresses only: by HTTP or HTTPS, at their own ports or those allowed.

    Raises Refused for a URL that must not be called, and httpx's errors for one that cannot be. The body that comes
    back is bounded, and the whole exchange has a deadline.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport | None = None,
        *,
        ports: Collection[int] = (),
        resolve: Resolve = resolve,
        is_allowed: Callable[[Address], bool] = is_public,
        seconds_max: float = SECONDS_MAX,
    ) -> None:
        self._inner = inner or httpx.AsyncHTTPTransport(trust_env=False)
        self._ports = frozenset(ports)
        self._resolve = resolve
        self._is_allowed = is_allowed
        self._seconds_max = seconds_max

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Check where a request goes, and send it there and nowhere else."""
        deadline = asyncio.get_running_loop().time() + self._seconds_max
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._inner.handle_async_request(await self._pinned(request))
        except TimeoutError:
            raise httpx.ReadTimeout("It took too long.", request=request) from None
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await response.aclose()
            raise httpx.DecodingError("The answer is packed, which was not asked for.", request=request)
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise httpx.StreamError("The answer cannot be read.")
        response.stream = _Bounded(response.stream, deadline)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()

    async def _pinned(self, request: httpx.Request) -> httpx.Request:
        """The same request, to an address in place of a name."""
        url = request.url
        port = url.port or _PORTS.get(url.scheme, 0)
        if url.scheme not in _PORTS:
            raise _refused("only http and https are called")
        if url.userinfo:
            raise _refused("it holds a name or a password")
        if port != _PORTS[url.scheme] and port not in self._ports:
            raise _refused(f"port {port} is not called")
        address = await self._address(url.host, port, request)
        headers = request.headers.copy()
        headers["host"] = request.url.netloc.decode("ascii")
        headers["accept-encoding"] = "identity"
        extensions = {**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")}
        return httpx.Request(
            request.method,
            url.copy_with(host=str(address)),
            headers=headers,
            stream=request.stream,
            extensions=extensions,
        )

    async def _address(self, host: str, port: int, request: httpx.Request) -> Address:
        """An address of a host; refused when any of its addresses is none of the public internet."""
        try:
            found = [ip_address(one.partition("%")[0]) for one in await self._resolve(host, port)]
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} is not found.", request=request) from error
        if not found:
            raise httpx.ConnectError(f"{host} is not found.", request=request)
        if not all(self._is_allowed(one) for one in found):
            raise _refused(f"{host} is no address of the public internet")
        return found[0]


class _Bounded(httpx.AsyncByteStream):
    """What comes back, up to a number of bytes and a moment."""

    def __init__(self, inner: httpx.AsyncByteStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size, parts = 0, aiter(self._inner)
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    part = await anext(parts)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise httpx.ReadTimeout("The answer took too long.") from None
            size += len(part)
            if size > RESPONSE_BYTES_MAX:
                raise httpx.ReadError(f"The answer has more than {RESPONSE_BYTES_MAX} bytes.")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


def public_client(*, ports: Collection[int] = ()) -> httpx.AsyncClient:
    """A client for addresses that somebody else chose. It follows no redirect and knows no proxy of the machine."""
    transport = PublicOnly(ports=ports)
    return httpx.AsyncClient(transport=transport, follow_redirects=False, trust_env=False, timeout=SECONDS_MAX)


def _refused(why: str) -> Refused:
    return Refused("address_refused", f"This address cannot be called: {why}.")
