"""The generated documents are as the program is, and the route leaves nothing open."""

from collections import Counter
from pathlib import Path

import pytest
from msgspec import structs
from typer.core import TyperGroup
from typer.main import get_command

from doorstep.__main__ import program
from doorstep.commands.docs import all_pages, route_kinds
from doorstep.journey.ledger.book import Follow, Follows
from doorstep.journey.route import ENDS, FOLLOWS
from doorstep.journey.standing import ENDS as LAST_STAGES
from doorstep.journey.standing import OWNERS, Stage
from doorstep.plan.records import Promises
from doorstep.planning.journey_map import facts, tellers
from doorstep.rehearsal import actors
from tests.house.source import ROOT, report


def _program() -> TyperGroup:
    command = get_command(program())
    assert isinstance(command, TyperGroup)
    return command


PAGES = all_pages(_program())


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_as_the_program_is(name: str) -> None:
    page = ROOT / "docs" / name
    assert page.read_text("utf-8") == PAGES[name], f"Write docs/{name} anew: make docs"


def test_every_fact_is_routed_or_an_end() -> None:
    wrong = [fact.__name__ for fact in facts() if (fact in FOLLOWS) == (fact in ENDS)]
    assert not wrong, report(wrong, "List each fact in FOLLOWS or in ENDS of journey/route.py, and not in both.")


def test_every_fact_is_told_by_some_stage() -> None:
    silent = [fact.__name__ for fact in facts() if fact.__name__ not in tellers()]
    assert not silent, report(silent, "A fact that no stage makes is not part of the journey: remove it.")


def test_every_kind_of_job_has_one_flow() -> None:
    twice = [name for name, count in Counter(kind.name for kind in route_kinds()).items() if count > 1]
    assert not twice, report(twice, "Each kind of job stands once in kinds() of journey/route.py.")


def test_every_job_that_follows_has_a_flow() -> None:
    known = {kind.name for kind in route_kinds()}
    played = known | {follow.job for follow in _follows(actors.FOLLOWS)}
    strays = sorted({follow.job for follow in _follows(FOLLOWS)} - known)
    assert not strays, report(strays, "Give the job a flow in kinds() of journey/route.py.")
    assert {follow.job.split(".")[0] for follow in _follows(actors.FOLLOWS)} == {"rehearsal"}
    assert known < played


def test_every_field_that_a_follow_names_is_in_its_fact() -> None:
    wrong = [
        f"{fact.__name__}: {name}"
        for fact, follows in {**FOLLOWS, **actors.FOLLOWS}.items()
        for follow in follows
        for name in (follow.due, follow.when)
        if name and name not in fact.__struct_fields__
    ]
    assert not wrong, report(wrong, "`due` and `when` name a field of the fact.")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in LAST_STAGES])
def test_every_stage_that_is_no_end_has_an_owner_and_a_promise(stage: Stage) -> None:
    promises = {field.name for field in structs.fields(Promises)}
    assert OWNERS[stage].who
    assert OWNERS[stage].promise in promises


def test_links_between_documents_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [f"{page.relative_to(ROOT)}: {link}" for page in pages for link in _links(page) if not _exists(page, link)]
    assert not broken, report(broken, "Name a file that is there, relative to the page.")


def _follows(table: Follows) -> list[Follow]:
    return [follow for follows in table.values() for follow in follows]


def _links(page: Path) -> list[str]:
    parts = page.read_text("utf-8").split("](")[1:]
    links = [part.split(")")[0].split("#")[0] for part in parts]
    return [link for link in links if link and "://" not in link]


def _exists(page: Path, link: str) -> bool:
    return (page.parent / link).exists()
