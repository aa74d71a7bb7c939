"""The list of orders: found, narrowed down, kept as a filter, page by page, as a file."""

import csv
import io
import re
from dataclasses import dataclass

import pytest

from tests.stories.people import Browser
from tests.stories.shop import Shop

HOSTILE = '=HYPERLINK("http://evil")","+cmd|/c calc'


@dataclass
class _Asked:
    path: str
    says: str


def _numbers(browser: Browser) -> list[str]:
    return re.findall(r'class="strong" href="/console/orders/(\d+)"', browser.text)


async def test_an_order_is_found_by_what_is_known_of_it(owner: Browser, shop: Shop) -> None:
    first, second = await shop.ordered(name="Grace Hopper", email="grace@example.com"), await shop.ordered("VASE")
    for words in ("grace", "HOPPER", "grace@example.com", first):
        await owner.get(f"/console/orders?q={words}")
        assert _numbers(owner) == [first], words
    await owner.get("/console/orders?q=VASE")
    assert _numbers(owner) == [second]


async def test_filters_add_up(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered()
    await owner.get("/console/orders?stage=confirmed&payment=authorized&since=2026-03-02")
    assert _numbers(owner) == [number]
    await owner.get("/console/orders?stage=confirmed&since=2026-03-03")
    assert "No order matches" in owner.text


async def test_what_is_late_is_found(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered()
    await owner.get("/console/orders?late=yes")
    assert _numbers(owner) == []
    await shop.later(60 * 26)
    await owner.sign_in()
    await owner.get("/console/orders?late=yes&sort=due")
    assert (_numbers(owner), "late</time>" in owner.text) == ([number], True)


async def test_pages_follow_one_another(owner: Browser, shop: Shop) -> None:
    placed = [await shop.ordered() for _ in range(60)]
    await owner.get("/console/orders")
    first = _numbers(owner)
    more = re.search(r'rel="next" href="([^"]+)"', owner.text)
    assert more
    await owner.get(more[1])
    assert sorted([*first, *_numbers(owner)]) == sorted(placed)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("cursor=nonsense", "This is no cursor"),
        ("stage=nowhere", "There is no such stage"),
        ("since=yesterday", "This is no day; write it like 2026-11-25."),
        ("until=2026-02-30", "This is no day"),
        ("q=a+b+c+d+e+f+g+h+i+j+k+l+m", "too many words"),
    ],
)
async def test_what_cannot_be_asked_for_is_said(owner: Browser, query: str, says: str) -> None:
    answer = await owner.get(f"/console/orders?{query}")
    assert (answer.status_code, says in owner.text) == (422, True)


@pytest.mark.parametrize("query", ["stage=nowhere", "since=yesterday", "q=a+b+c+d+e+f+g+h+i+j+k+l+m"])
async def test_a_file_that_cannot_be_made_is_refused_whole(owner: Browser, query: str) -> None:
    answer = await owner.get(f"/console/orders.csv?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_filter_is_kept_and_given_up(owner: Browser, shop: Shop) -> None:
    await shop.ordered()
    await owner.get("/console/orders?stage=confirmed")
    await owner.post("/console/orders/views", view="Morning <b>round</b>", query="?stage=confirmed")
    await owner.follow()
    assert '<a class="badge calm" href="/console/orders?stage=confirmed">Morning <b>' in owner.text
    await owner.post("/console/orders/views/removal", view="Morning <b>round</b>")
    await owner.follow()
    assert "Morning" not in owner.text


async def test_a_kept_filter_leads_nowhere_else(owner: Browser) -> None:
    await owner.get("/console/orders?late=yes")
    answer = await owner.post("/console/orders/views", view="x", query="//evil.example")
    assert answer.headers.get("location", "/console/orders").startswith("/console/orders")
    await owner.get("/console/orders")
    assert "evil" not in owner.text


async def test_the_file_has_all_that_is_asked_for_and_no_formulas(owner: Browser, shop: Shop) -> None:
    for _ in range(3):
        await shop.ordered(name=HOSTILE)
    await shop.ordered(name="Grace Hopper")
    answer = await owner.get("/console/orders.csv?stage=confirmed")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 4
    assert {row["buyer"] for row in rows} == {f"'{HOSTILE}", "Grace Hopper"}
    assert "filename*=" in answer.headers["content-disposition"]
    assert "content-length" not in answer.headers
