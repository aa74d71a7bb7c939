"""A person before the pages: goes where they go, and notices whatever the browser complains about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, WebError

from tests.house.source import report
from tests.pages.browser import LAPTOP, Screen, opened

_PATIENCE_MS = 15_000
_ECHO = "Failed to load resource"  # said of a request besides, which is a fault by itself
_ABORTED = "net::ERR_ABORTED"  # the page went elsewhere, and with it what it was loading
_REFUSED = 400


@dataclass
class Console:
    """A browser window on a store, with everything that has gone wrong in it."""

    page: Page
    address: str
    screen: Screen
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    async def goto(self, path: str, status: int = 200) -> Response:
        """Open a page of the store; it must answer with the status."""
        self.expect_status(status)
        response = await self.page.goto(path)
        assert response is not None, f"{path} is the page that is open, or a part of it."
        assert response.status == status, f"{path} answers {response.status}, not {status}."
        return response

    def expect_status(self, status: int) -> None:
        """From here on an answer with this status is none of the faults, such as 422 for a form filled in wrongly."""
        self.expected.add(status)

    def is_inside(self, url: str) -> bool:
        """Whether a URL asks nobody but the store."""
        return url.startswith((f"{self.address}/", "data:", "blob:"))

    def expect_faultless(self) -> None:
        """No script failed, nothing was blocked or missing, and nobody but the store was asked."""
        assert not self.faults, report(self.faults, f"What the browser complained about at {self.page.url}: mend it.")


def on(*screens: Screen) -> pytest.MarkDecorator:
    """Runs a test once on each of these screens."""
    return pytest.mark.parametrize("screen", screens, ids=[screen.name for screen in screens])


@asynccontextmanager
async def visiting(browser: Browser, address: str, screen: Screen = LAPTOP) -> AsyncIterator[Console]:
    """A window of its own on what is served at an address; any fault in it fails the test in the end."""
    context = await opened(browser, screen, address)
    try:
        page = await context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        console = Console(page, address, screen)
        _listen(context, console)
        yield console
        console.expect_faultless()
    finally:
        await context.close()


def _listen(context: BrowserContext, console: Console) -> None:
    """Write down the faults of every page of a window, as they come."""

    def note(fault: str) -> None:
        if fault:
            console.faults.append(fault)

    context.on("console", lambda message: note(_said(message)))
    context.on("weberror", lambda error: note(_raised(error)))
    context.on("requestfailed", lambda request: note(_lost(request)))
    context.on("request", lambda request: note(_went_elsewhere(request, console)))
    context.on("response", lambda response: note(_refused(response, console.expected)))


def _said(message: ConsoleMessage) -> str:
    return f"console: {message.text}" if message.type == "error" and not message.text.startswith(_ECHO) else ""


def _raised(error: WebError) -> str:
    return f"script: {error.error}"


def _lost(request: Request) -> str:
    return f"lost: {request.url}: {request.failure}" if request.failure != _ABORTED else ""


def _went_elsewhere(request: Request, console: Console) -> str:
    return "" if console.is_inside(request.url) else f"another host: {request.url}"


def _refused(response: Response, expected: set[int]) -> str:
    is_expected = response.status < _REFUSED or response.status in expected
    return "" if is_expected else f"answer {response.status}: {response.request.method} {response.url}"
