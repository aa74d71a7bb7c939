"""Whatever a file holds, the loader answers with a plan or with findings, and the findings point into the file."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.plan.findings import Finding, PlanInvalid
from doorstep.plan.load import load_plan
from doorstep.plan.positions import lines_of
from doorstep.plan.template import new_plan
from tests.unit.plan.plans import PLAN

_TEXTS = st.sampled_from([PLAN, new_plan("Mill", "GB", "GBP"), new_plan("Mill", "GB", "GBP").replace("\n#", "\n")])
_SIGNS = ["=", "[", "]", "[[", "]]", "{", "}", ".", ",", "#", '"', "'", '"""', "'''", "\\", "\n", "\r\n", "-"]
_VALUES = ["1e9", "nan", "1979-05-27T07:32:00Z", "15:00:00", "true", "[1, 2]", "{a = 1}", '"GB"', "-5", "[stock]\n"]
_SCRAPS = st.one_of(st.text(max_size=8), st.sampled_from(_SIGNS), st.sampled_from(_VALUES))


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    text = draw(_TEXTS)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(_SCRAPS) + text[end:]
    return text


@given(st.one_of(_mutated(), st.text()))
@settings(max_examples=300, deadline=1000)
def test_no_text_makes_the_loader_fail_otherwise(text: str) -> None:
    lines = text.count("\n") + 1
    assert [finding for finding in _findings(text) if not 1 <= finding.line <= lines] == []


@given(_mutated())
@settings(max_examples=200, deadline=1000)
def test_every_key_of_a_valid_text_has_a_line(text: str) -> None:
    try:
        tables = tomllib.loads(text)
    except ValueError:
        return
    assert _paths(tables, ()) <= set(lines_of(text))


def _findings(text: str) -> tuple[Finding, ...]:
    try:
        load_plan(text, "plan.toml")
    except PlanInvalid as invalid:
        return invalid.findings
    return ()


def _paths(value: object, path: tuple[str | int, ...]) -> set[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path}.union(*(_paths(below, (*path, name)) for name, below in inner))
