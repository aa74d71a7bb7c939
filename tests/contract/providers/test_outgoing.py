"""What somebody else chose to have called is called only when it is out in the public internet, and as checked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

import httpx
import pytest

from doorstep.kernel.errors import Refused
from doorstep.plug.outgoing import RESPONSE_BYTES_MAX, PublicOnly, is_public, public_client

_INWARD = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
    *("0.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.192", "168.63.129.16", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1", "fec0::1", "::127.0.0.1"),
)
_OUTWARD = ("93.184.215.14", "1.1.1.1", "2606:4700:4700::1111")


@pytest.mark.parametrize("address", _INWARD)
def test_inward_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", _OUTWARD)
def test_outward_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def finding(*addresses: str) -> Callable[[str, int], object]:
    """A resolver that finds these addresses."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


async def ask(url: str, *addresses: str) -> httpx.Response:
    inner = httpx.MockTransport(lambda request: httpx.Response(200, text=f"{request.url} {request.headers['host']}"))
    transport = PublicOnly(inner, resolve=finding(*addresses))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.get(url)


async def test_it_is_the_checked_address_that_is_called() -> None:
    answer = await ask("https://shop.example/hook", "93.184.215.14")
    assert answer.text == "https://93.184.215.14/hook shop.example"


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.215.14", "10.0.0.1"), ("::ffff:10.0.0.1",)])
async def test_a_name_that_points_inward_is_refused(addresses: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="no address of the public internet"):
        await ask("https://shop.example/", *addresses)


@pytest.mark.parametrize(
    "url",
    ["ftp://shop.example/", "https://ada:secret@shop.example/", "http://shop.example:22/", "https://shop.example:80"],
)
async def test_only_plain_web_addresses_are_called(url: str) -> None:
    with pytest.raises((Refused, httpx.UnsupportedProtocol)):
        await ask(url, "93.184.215.14")


async def test_a_name_that_is_not_there_cannot_be_called() -> None:
    with pytest.raises(httpx.ConnectError):
        await ask("https://shop.example/")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "169.254.169.254"],
)
async def test_however_this_machine_is_written_it_is_not_called(host: str) -> None:
    async with public_client() as client:
        with pytest.raises((Refused, httpx.ConnectError, httpx.InvalidURL)):
            await client.get(f"http://{host}/")


@asynccontextmanager
async def answering(answer: bytes, *, then_wait: bool = False) -> AsyncIterator[int]:
    """A server on loopback that answers each request with the same bytes; its port."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        if then_wait:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()


async def fetch(port: int, seconds_max: float = 5.0) -> httpx.Response:
    transport = PublicOnly(
        ports=[port],
        resolve=finding("127.0.0.1"),  # type: ignore[arg-type]
        is_allowed=lambda _address: True,
        seconds_max=seconds_max,
    )
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.get(f"http://shop.example:{port}/")


async def test_a_real_server_is_reached_by_its_name() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok") as port:
        assert (await fetch(port)).text == "ok"


async def test_a_redirect_is_shown_and_not_followed() -> None:
    async with answering(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n") as port:
        assert (await fetch(port)).status_code == 302


async def test_an_answer_without_end_is_cut() -> None:
    body = b"x" * (RESPONSE_BYTES_MAX + 1)
    async with answering(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + body) as port:
        with pytest.raises(httpx.ReadError, match="more than"):
            await fetch(port)


async def test_a_packed_answer_is_not_unpacked() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok") as port:
        with pytest.raises(httpx.DecodingError):
            await fetch(port)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"])
async def test_an_answer_that_does_not_come_is_not_waited_for(answer: bytes) -> None:
    async with answering(answer, then_wait=True) as port:
        with pytest.raises(httpx.ReadTimeout):
            await fetch(port, seconds_max=0.1)
