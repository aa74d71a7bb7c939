"""A text that is not TOML: the line, and what was probably meant."""

import pytest

from tests.unit.plan.plans import PLAN, findings_in, only_finding_in, spoiled


@pytest.mark.parametrize(
    ("old", "new", "line", "suggestion"),
    [
        ('cut_off = "14:00"', "cut_off = 14:00", 6, 'Write a time in quotes, like "15:00".'),
        ("hold_minutes = 20", "backorder = True", 8, "Write `true` or `false`."),
        ("hold_minutes = 20", "backorder = no # never", 8, "Write `true` or `false`."),
        ('"Mill Lane Tea"', "Mill Lane Tea", 2, 'Write text in quotes, like name = "text".'),
        ('"4.95"', "4,95", 20, 'Write an amount with a point, like "4.95".'),
        ("hold_minutes = 20", "hold_minutes =", 8, "A value is missing after the equals sign."),
        ("hold_minutes = 20", "hold_minutes: 20", 8, "Write `key = value`, with an equals sign."),
        ('"Mill Lane Tea"', '"Mill Lane Tea', 2, "A quotation mark is missing on this line."),
        ("[stock]", "[stock", 7, "A closing bracket is missing on this line."),
    ],
)
def test_a_slip_is_reported_on_its_line(old: str, new: str, line: int, suggestion: str) -> None:
    finding = only_finding_in(spoiled(old, new))
    assert (finding.line, finding.suggestion) == (line, suggestion)


def test_a_setting_that_is_given_twice() -> None:
    finding = only_finding_in(spoiled("hold_minutes = 20", "hold_minutes = 20\nbackorder = true\nhold_minutes = 30"))
    assert (finding.line, finding.key) == (10, "stock.hold_minutes")
    assert finding.message == "This is given twice, first on line 8."


def test_a_text_that_breaks_off_is_reported_at_its_end() -> None:
    assert only_finding_in(f"{PLAN}[tax").line == 26


def test_values_nested_without_end() -> None:
    assert only_finding_in(f"a = {'[' * 100_000}").message == "Values are nested too deeply."


def test_a_number_without_end() -> None:
    assert only_finding_in(f"a = {'9' * 10_000}").message == "A number is far too long."


def test_a_character_that_no_file_can_hold() -> None:
    assert only_finding_in(f"{PLAN}# \ud800").line == 26


def test_a_plan_without_end() -> None:
    assert only_finding_in("#" * 1_000_001).message == "The plan is longer than 1000000 characters."


def test_an_empty_plan_misses_what_is_required() -> None:
    assert [finding.key for finding in findings_in("")] == ["store", "locations", "payment", "shipping"]
