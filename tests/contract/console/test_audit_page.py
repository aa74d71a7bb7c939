"""The audit trail as people read it: narrowed down, page by page, with what was changed, and as a file."""

import csv
import io
import re

import pytest

from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.permissions import Role
from tests.stories.people import Browser, hired, people
from tests.stories.shop import Shop


async def _many(shop: Shop, count: int) -> None:
    by = By(COMMAND, shop.clock.now())
    async with shop.app.database.begin() as tx:
        await people(shop).access.record(tx, [by.entry("stock.adjust", ("item", f"SKU-{n}")) for n in range(count)])


async def test_what_was_changed_is_shown_by_field(owner: Browser, shop: Shop) -> None:
    member = await hired(shop, Role.PICKER, "pia@example.com", "Pia")
    await owner.get(f"/console/staff/{member.id}")
    await owner.post(f"/console/staff/{member.id}/role", role="packer", reason="they pack now")
    await owner.get("/console/audit?act=staff.role")
    assert "Role: picker → packer" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", owner.text))
    assert "“they pack now”" in owner.text
    assert f'href="/console/staff/{member.id}"' in owner.text


async def test_pages_follow_one_another_without_gap_or_repeat(owner: Browser, shop: Shop) -> None:
    await _many(shop, 120)
    seen: list[str] = []
    path = "/console/audit?about=item"
    while path:
        await owner.get(path)
        seen += re.findall(r'title="(SKU-\d+)"', owner.text)
        found = re.search(r'rel="next" href="([^"]+)"', owner.text)
        path = found[1] if found else ""
    assert sorted(seen) == sorted(f"SKU-{number}" for number in range(120))


async def test_it_is_narrowed_down_by_who_and_about(owner: Browser, shop: Shop) -> None:
    await _many(shop, 3)
    await owner.get("/console/audit?actor=command&about=item&id=SKU-2")
    assert re.findall(r'title="(SKU-\d+)"', owner.text) == ["SKU-2"]


@pytest.mark.parametrize(
    ("query", "count"),
    [("since=2026-03-02", 3), ("since=2026-03-03", 0), ("until=2026-03-01", 0), ("until=2026-03-02", 3)],
)
async def test_days_are_those_of_the_store(owner: Browser, shop: Shop, query: str, count: int) -> None:
    await _many(shop, 3)
    await owner.get(f"/console/audit?about=item&{query}")
    assert len(re.findall(r'title="(SKU-\d+)"', owner.text)) == count


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-02-31", "cursor=ord_1", "cursor=aud_1"])
async def test_what_cannot_be_asked_is_told(owner: Browser, query: str) -> None:
    answer = await owner.get(f"/console/audit?{query}")
    assert (answer.status_code, 'role="alert"' in owner.text) == (422, True)


async def test_the_file_has_everything_and_no_formula(owner: Browser, shop: Shop) -> None:
    hostile = await hired(shop, Role.PICKER, "pia@example.com", "=1+1")
    await _many(shop, 600)
    by = By(hostile.actor, shop.clock.now())
    async with shop.app.database.begin() as tx:
        await people(shop).access.record(tx, [by.entry("stock.adjust", ("item", "LAST"))])
    answer = await owner.get("/console/audit.csv?about=item")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert (len(rows), answer.headers["content-type"]) == (601, "text/csv; charset=utf-8")
    assert {row["actor_name"] for row in rows} == {"the command line", "'=1+1"}
