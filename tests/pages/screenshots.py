"""Pictures of the pages for the documents: `make screenshots`, or with `--at URL` of a store that runs already."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page

from tests.house.source import ROOT
from tests.pages.browser import LAPTOP, NONE_FOUND, PHONE, find_browser, started
from tests.pages.console import visiting
from tests.stories.shop import serving_shop

FOLDER = ROOT / "docs" / "screenshots"

SignIn = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True)
class Picture:
    """A page, and what its pictures are called."""

    name: str
    path: str
    sign_in: SignIn | None = None


PICTURES = (Picture("api-docs", "/api/docs"),)


async def take(address: str, folder: Path = FOLDER) -> list[Path]:
    """One picture of each page on each screen, from a store that is served; returns the files."""
    files = []
    async with started(find_browser()) as browser:
        for screen in (LAPTOP, PHONE):
            for picture in PICTURES:
                async with visiting(browser, address, screen) as console:
                    if picture.sign_in:
                        await picture.sign_in(console.page)
                    await console.goto(picture.path)
                    files.append(folder / f"{picture.name}-{screen.name}.png")
                    await console.page.screenshot(path=files[-1], animations="disabled", caret="hide")
    return files


@asynccontextmanager
async def _store(address: str) -> AsyncIterator[str]:
    """A store that runs already, or one that is opened for the occasion."""
    if address:
        yield address.rstrip("/")
        return
    with TemporaryDirectory() as folder:
        async with serving_shop(f"sqlite:///{folder}/doorstep.db") as (_, port):
            yield f"http://127.0.0.1:{port}"


async def _main(address: str) -> None:
    if not find_browser():
        raise SystemExit(NONE_FOUND)
    async with _store(address) as store:
        for file in await take(store):
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")  # noqa: T201 - what the command says


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", default="", metavar="URL", help="a store on this machine that runs already")
    asyncio.run(_main(parser.parse_args().at))
