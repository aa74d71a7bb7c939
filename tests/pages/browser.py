"""A real browser for tests: which one, how it is started, and on which screens pages are looked at."""

import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, StorageState, ViewportSize, async_playwright

NAMED_BY = "DOORSTEP_TEST_CHROMIUM"
NONE_FOUND = f"There is no Chromium here: run make setup as root on Debian, install one, or name one in {NAMED_BY}."

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# It runs as root in containers, asks nobody but the server under test, and looks up no other host.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass(frozen=True)
class Screen:
    """What a person looks at a page with."""

    name: str
    width: int
    height: int
    is_dark: bool = False
    is_touched: bool = False


LAPTOP = Screen("laptop", 1280, 800)
PHONE = Screen("phone", 390, 844, is_dark=True, is_touched=True)
NARROW = Screen("narrow", 360, 740, is_touched=True)
SCREENS = (LAPTOP, PHONE, NARROW)


def find_browser(environment: Mapping[str, str] = os.environ) -> str:
    """The program to start: the one that is named, else the system's own; empty when there is none."""
    named = environment.get(NAMED_BY, "")
    found = filter(None, map(shutil.which, [named] if named else _NAMES))
    return next(found, "")


@asynccontextmanager
async def started(program: str) -> AsyncIterator[Browser]:
    """A browser without a window, closed afterwards."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_FLAGS, chromium_sandbox=False)
        try:
            yield browser
        finally:
            await browser.close()


async def opened(
    browser: Browser, screen: Screen, address: str = "", storage_state: StorageState | None = None
) -> BrowserContext:
    """A person's own window on a screen: no cookie of anybody else's, relative addresses below `address`."""
    return await browser.new_context(
        base_url=address or None,
        viewport=ViewportSize(width=screen.width, height=screen.height),
        color_scheme="dark" if screen.is_dark else "light",
        has_touch=screen.is_touched,
        is_mobile=screen.is_touched,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
        service_workers="block",
        storage_state=storage_state,
    )
