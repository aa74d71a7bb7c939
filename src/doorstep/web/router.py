"""Every URL in one table, and the application made of it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from doorstep.web.api.docs import docs
from doorstep.web.api.events import STREAMS, StreamDoor
from doorstep.web.api.table import ENDPOINTS
from doorstep.web.asgi import ASGIApp, Receive, Scope, Send
from doorstep.web.endpoint import AnyEndpoint
from doorstep.web.exchange import Door
from doorstep.web.given import Given
from doorstep.web.metrics import PATH, MetricsDoor
from doorstep.web.noting import note_of, noted
from doorstep.web.pages.assets import Assets
from doorstep.web.pages.events import PATH as EVENTS
from doorstep.web.pages.events import PageStreamDoor
from doorstep.web.pages.shop.events import PATH as CHECKOUT_EVENTS
from doorstep.web.pages.shop.events import CheckoutStreamDoor
from doorstep.web.pages.table import nowhere_door, page_doors
from doorstep.web.respond import failed, no_such_url, send_reply
from doorstep.web.security import secured

VARIABLE = "{name}"


class Answers(Protocol):
    """Whatever stands behind a URL and answers every request to it, expected errors included."""

    async def answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; `name` is the variable part of its URL, or empty."""
        ...


class Router:
    """Finds what stands behind a URL. A path holds at most one variable, which is one whole segment of it."""

    def __init__(self, doors: Mapping[str, Answers]) -> None:
        self._doors = doors
        self._variables: dict[int, tuple[int, ...]] = {}
        for path in doors:
            parts = path.split("/")
            if VARIABLE in parts:
                known = self._variables.get(len(parts), ())
                self._variables[len(parts)] = tuple(sorted({*known, parts.index(VARIABLE)}, reverse=True))

    def find(self, path: str) -> tuple[Answers, str, str] | None:
        """What stands behind a path, its variable part, and its pattern; None when nothing does.

        A literal path comes first.
        """
        if door := self._doors.get(path):
            return door, "", path
        parts = path.split("/")
        for position in self._variables.get(len(parts), ()):
            name = parts[position]
            pattern = "/".join([*parts[:position], VARIABLE, *parts[position + 1 :]])
            if name and (door := self._doors.get(pattern)):
                return door, name, pattern
        return None


def web(given: Given) -> ASGIApp:
    """The whole web application."""
    assets = Assets()
    console = page_doors(given, assets)
    streams = {source.path: StreamDoor(source, given) for source in STREAMS}
    metrics = {PATH: MetricsDoor(given, given.metrics)} if given.metrics else {}
    programs: dict[str, Answers] = {**_api(ENDPOINTS, given), **streams, **metrics, **docs(ENDPOINTS)}
    listened: dict[str, Answers] = {EVENTS: PageStreamDoor(given), CHECKOUT_EVENTS: CheckoutStreamDoor(given)}
    router = Router({**programs, **console, **listened, **assets.doors()})
    nowhere = nowhere_door(given, assets)

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if found := router.find(scope["path"]):
            door, name, note_of(scope).route = found
            await door.answer(name, scope, receive, send)
        elif _is_for_people(scope):
            await nowhere.answer("", scope, receive, send)
        else:
            await send_reply(send, failed(no_such_url(), given.new_id, "a URL that leads nowhere"), scope["method"])

    return noted(secured(enter, given.network), given.new_id, given.observe, given.successes)


def _api(endpoints: Sequence[AnyEndpoint], given: Given) -> Mapping[str, Door]:
    by_path: dict[str, dict[str, AnyEndpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return {path: Door(path, methods, given) for path, methods in by_path.items()}


def _is_for_people(scope: Scope) -> bool:
    """Whether a browser shows the answer to somebody: they ask for pages, programs do not."""
    return not scope["path"].startswith("/api/") and any(
        name == b"accept" and b"text/html" in value for name, value in scope["headers"]
    )
