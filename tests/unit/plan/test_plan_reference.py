"""The reference and the table of settings say what the records hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from doorstep.plan.keys import PLAN
from doorstep.plan.load import load_plan
from doorstep.plan.reference import SMALLEST, reference_markdown
from doorstep.plan.sections import Section

_PAGE = Path(__file__).parents[3] / "docs" / "plan.md"
_NOT_IN_RECORDS = {"price"}  # the shorthand of a rate
_NOT_IN_FILES = {"version"}  # filled in by the loader


def _sections(section: Section) -> Iterator[Section]:
    yield section
    for key in section.keys:
        if isinstance(key.kind, Section):
            yield from _sections(key.kind)


_SECTIONS = list(_sections(PLAN))


@pytest.mark.parametrize("section", _SECTIONS, ids=lambda section: section.title or "plan")
def test_a_section_has_the_settings_of_its_record(section: Section) -> None:
    fields = {field.name for field in structs.fields(section.record)} - _NOT_IN_FILES
    assert {key.name for key in section.keys} - fields <= _NOT_IN_RECORDS
    assert fields <= {key.name for key in section.keys}


@pytest.mark.parametrize("section", _SECTIONS, ids=lambda section: section.title or "plan")
def test_every_meaning_is_a_sentence(section: Section) -> None:
    assert [key.name for key in section.keys if not key.meaning.endswith(".")] == []


def test_the_page_is_as_the_settings_are() -> None:
    assert _PAGE.read_text(encoding="utf-8") == reference_markdown(), "write docs/plan.md anew: make docs"


def test_the_plan_on_the_page_loads() -> None:
    assert load_plan(SMALLEST, "plan.toml").store.name == "Mill Lane Tea"
