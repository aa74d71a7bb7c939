"""Every page in one table: the method and URL, whom it is for, what it takes."""

from collections.abc import Mapping

from doorstep.web.given import Given
from doorstep.web.pages import sign_in
from doorstep.web.pages.assets import Assets
from doorstep.web.pages.exchange import PageDoor
from doorstep.web.pages.page import Moved, Page, Visit, Who
from doorstep.web.pages.rendering import Rendering


async def _home(visit: Visit) -> Moved:
    """The street door leads to the console."""
    del visit
    return Moved(sign_in.CONSOLE)


_SIGNING_IN = (
    Page(method="GET", path="/", run=_home, who=Who.ANYBODY),
    Page(method="GET", path="/sign-in", run=sign_in.ask, who=Who.ANYBODY),
    Page(
        method="POST",
        path="/sign-in",
        run=sign_in.enter,
        who=Who.ANYBODY,
        form=sign_in.SignInForm,
        again=sign_in.ask_again,
    ),
    Page(method="POST", path="/sign-out", run=sign_in.leave, who=Who.SIGNING_IN),
)

PAGES: tuple[Page, ...] = _SIGNING_IN


def page_doors(given: Given, assets: Assets) -> Mapping[str, PageDoor]:
    """What answers for every page, by path."""
    rendering = _rendering(given, assets)
    by_path: dict[str, dict[str, Page]] = {}
    for page in PAGES:
        by_path.setdefault(page.path, {})[page.method] = page
    return {path: PageDoor(pages, given, rendering) for path, pages in by_path.items()}


def nowhere_door(given: Given, assets: Assets) -> PageDoor:
    """What answers people at a URL that leads nowhere."""
    return PageDoor({}, given, _rendering(given, assets))


def _rendering(given: Given, assets: Assets) -> Rendering:
    store = given.plans.in_force.store
    return Rendering(assets, store.name, store.currency)
