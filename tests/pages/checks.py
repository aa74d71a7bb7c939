"""What every page must pass: by keyboard alone, on a narrow screen, with a finger, over a slow line."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.async_api import JSHandle, Page, ViewportSize

from tests.house.source import report
from tests.pages.console import Console

WIDTHS = (360, 390)
TARGET_PX = 24  # WCAG 2.2, 2.5.8
FIRST_LOAD_KILOBYTES = 150

_STAYS_MAX = 8  # a date field has a stop for each of its parts


async def expect_keyboard_only(page: Page, *reaches: str) -> list[str]:
    """Tab stops at all that can be used, visibly, and gets out again; returns the stops in order, by their names.

    `reaches` are texts of which each must be part of some stop's name, such as "Sign in".
    """
    elements = await _elements(page)
    order, unseen = await _walk(page, elements)
    names: list[str] = await elements.evaluate("elements => elements.names()")
    missed = [f"never reached: {name}" for number, name in enumerate(names) if number not in order]
    walked = [names[number] for number in order]
    lacking = [f"no stop is named {text}" for text in reaches if not any(text in name for name in walked)]
    found = [*missed, *lacking, *(f"focus not visible: {name}" for name in unseen)]
    assert not found, report(found, f"At {page.url}, Tab goes to: {', '.join(walked)}")
    return walked


async def expect_fits(page: Page, widths: tuple[int, ...] = WIDTHS) -> None:
    """At none of these widths the page must be scrolled sideways."""
    before = page.viewport_size
    assert before is not None, "The window has no size of its own."
    found = [line for width in widths for line in await _overflow(page, width, before["height"])]
    await page.set_viewport_size(before)
    assert not found, report(found, f"Let it wrap, shrink or scroll within itself at {page.url}.")


async def expect_targets(page: Page, pixels: int = TARGET_PX) -> None:
    """What is clicked or touched is large enough, links within a sentence excepted."""
    small: list[str] = await (await _elements(page)).evaluate("(elements, pixels) => elements.small(pixels)", pixels)
    assert not small, report(small, f"Make them at least {pixels} × {pixels} CSS pixels at {page.url}.")


async def expect_light_enough(console: Console, kilobytes: int = FIRST_LOAD_KILOBYTES) -> None:
    """The open page, loaded by someone who was never here, takes few bytes, and all of them from the store."""
    sizes = await first_load(console)
    elsewhere = [url for url in sizes if not console.is_inside(url)]
    assert not elsewhere, report(elsewhere, "Serve it from the store itself.")
    total = sum(sizes.values())
    heaviest = [f"{size:>9,} {url}" for url, size in sorted(sizes.items(), key=lambda one: -one[1])]
    assert total <= kilobytes * 1000, report(heaviest, f"{total:,} bytes; load less than {kilobytes} kB at first.")


async def first_load(console: Console) -> dict[str, int]:
    """The bytes that each URL took over the line, headers too, when the open page is loaded with nothing kept."""
    session = await console.page.context.new_cdp_session(console.page)
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def sent(event: Any) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def finished(event: Any) -> None:
        if url := urls.get(event["requestId"]):  # else it was begun by the page before
            sizes[url] = sizes.get(url, 0) + int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", finished)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await console.page.goto(console.page.url.partition("#")[0], wait_until="load")
    await session.send("Network.disable")  # answered when all that happened before has been told
    await session.detach()
    assert sizes, "Nothing was loaded."
    return sizes


async def _walk(page: Page, elements: JSHandle) -> tuple[list[int], list[str]]:
    """The stops of the Tab key until it comes around, and the names of those at which nothing shows the focus."""
    order: list[int] = []
    unseen: list[str] = []
    stays = 0
    while stays <= _STAYS_MAX:
        await page.keyboard.press("Tab")
        focus = await elements.evaluate("elements => elements.focus()")
        if focus is None or (order and focus["stop"] == order[-1]):
            stays += 1
        elif focus["stop"] in order:
            break
        else:
            stays = 0
            order.append(focus["stop"])
            unseen += [] if focus["is_seen"] else [focus["name"]]
    return order, unseen


async def _overflow(page: Page, width: int, height: int) -> list[str]:
    await page.set_viewport_size(ViewportSize(width=width, height=height))
    needed = await page.evaluate("document.documentElement.scrollWidth")
    if needed <= width:
        return []
    wide: list[str] = await (await _elements(page)).evaluate("(elements, width) => elements.wide(width)", width)
    return [f"at {width} the page is {needed} wide:", *(f"    {line}" for line in wide)]


async def _elements(page: Page) -> JSHandle:
    return await page.evaluate_handle(_script())


@lru_cache
def _script() -> str:
    return Path(__file__).with_name("elements.js").read_text("utf-8")
