"""Accessibility as axe-core finds it, in a world of its own, so that the page's security policy stays in force."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page

from tests.house.source import ROOT, report

_AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = f"""axe.run(document, {{ resultTypes: ["violations"], runOnly: {json.dumps(_TAGS)} }})
    .then(found => found.violations)"""


async def expect_accessible(page: Page) -> None:
    """Nothing on the page, as it stands now, breaks WCAG 2.2 AA or a best practice that a program can see."""
    session = await page.context.new_cdp_session(page)
    try:
        violations = await _violations(session)
    finally:
        await session.detach()
    found = [line for violation in violations for line in _told(violation)]
    assert not found, report(found, f"Mend it at {page.url}; the links explain each rule.")


async def _violations(session: CDPSession) -> list[Any]:
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})
    where = {"contextId": world["executionContextId"], "returnByValue": True}
    await session.send("Runtime.evaluate", {"expression": f"{_source(_AXE)}; true", **where})
    answer = await session.send("Runtime.evaluate", {"expression": _RUN, "awaitPromise": True, **where})
    assert "exceptionDetails" not in answer, f"axe-core failed: {answer['exceptionDetails']}"
    found: list[Any] = answer["result"]["value"]
    return found


def _told(violation: Any) -> list[str]:
    """The rule, then each element that breaks it and why."""
    rule = f"{violation['id']} ({violation['impact']}): {violation['help']}, {violation['helpUrl']}"
    return [rule, *(f"    {_selector(node)}: {_reason(node)}" for node in violation["nodes"])]


def _selector(node: Any) -> str:
    return " ".join(map(str, node["target"]))


def _reason(node: Any) -> str:
    return "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))


@lru_cache
def _source(path: Path) -> str:
    assert path.exists(), "axe-core is not installed: run make setup."
    return path.read_text("utf-8")
