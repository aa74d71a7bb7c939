"""Visits to the console as a browser makes them, in this process: signed in, packed, timed to the last byte."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from argon2 import PasswordHasher
from msgspec import Struct

from doorstep.access.flow.passwords import Passwords
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.permissions import Role
from doorstep.access.model.staff import Invitation
from doorstep.app import App, doors
from doorstep.serving import application
from doorstep.settings import Settings
from doorstep.web.asgi import ASGIApp

_EMAIL, _PASSWORD = "owner@example.com", "a heap of red wool"
_ASSET = re.compile(r'(?:src|href)="(/assets/[^"]+)"')
_PIECE = "text/csv"


class Seen(Struct, frozen=True):
    """What a visit gave: how long it took in milliseconds, the bytes that were sent, the page."""

    ms: float
    sent_bytes: int
    text: str


class Visitor:
    """Somebody who has signed in."""

    def __init__(self, http: httpx.AsyncClient, web: ASGIApp) -> None:
        self._http = http
        self._web = web

    async def see(self, path: str) -> Seen:
        """A page; anything but a page is an error."""
        began = time.perf_counter()
        async with self._http.stream("GET", path) as answer:
            raw = [part async for part in answer.aiter_raw()]
        ms = 1000 * (time.perf_counter() - began)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.headers.get('location', '')}"
        text = httpx.Response(200, headers=answer.headers, content=b"".join(raw)).text
        return Seen(ms, sum(map(len, raw)), text)

    async def begin(self, path: str) -> Seen:
        """The first piece of a file; the rest is not waited for."""
        first = asyncio.Event()
        pieces: list[bytes] = []

        async def send(message: Any) -> None:
            if message.get("body"):
                pieces.append(message["body"])
                first.set()
                await asyncio.sleep(0)
            assert message.get("status", 200) == 200, path

        began = time.perf_counter()
        sending = asyncio.ensure_future(self._web(self._scope(path), _no_body, send))
        await first.wait()
        ms = 1000 * (time.perf_counter() - began)
        sending.cancel()
        await asyncio.wait([sending])
        return Seen(ms, len(pieces[0]), pieces[0].decode())

    async def with_assets(self, path: str) -> int:
        """The bytes that a browser gets that was never here: the page, its styles, its scripts and its pictures."""
        page = await self.see(path)
        assets = [await self.see(one) for one in sorted(set(_ASSET.findall(page.text)))]
        return page.sent_bytes + sum(one.sent_bytes for one in assets)

    def _scope(self, path: str) -> dict[str, Any]:
        request = self._http.build_request("GET", path)
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": request.url.path,
            "raw_path": request.url.raw_path,
            "query_string": request.url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("192.0.2.7", 1),
            "server": ("console", 80),
        }


@asynccontextmanager
async def signed_in(app: App) -> AsyncIterator[Visitor]:
    """The owner of the store, in a browser."""
    settings, passwords = Settings(), Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    hashed = await passwords.hash(_PASSWORD)
    async with app.database.begin() as tx:
        invitation = Invitation(email=_EMAIL, name="Olga Owner", role=Role.OWNER, by_mail=False)
        await doors(app, settings, passwords).staff.enter(tx, By(COMMAND, app.clock.now()), invitation, hashed)
    web = application(app, settings, passwords)
    transport = httpx.ASGITransport(web, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://console") as http:
        token = re.search(r'name="csrf" value="([^"]+)"', (await http.get("/sign-in")).text)
        assert token
        form = {"csrf": token[1], "email": _EMAIL, "password": _PASSWORD}
        assert (await http.post("/sign-in", data=form)).status_code == 303
        yield Visitor(http, web)


async def _no_body() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}
