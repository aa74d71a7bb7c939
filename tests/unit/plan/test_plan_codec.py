"""Stored versions of a plan load again, also those that were stored before a setting existed."""

import json

import pytest
from msgspec import ValidationError

from doorstep.plan.codec import decode_plan, encode_plan
from doorstep.plan.load import load_plan
from doorstep.plan.template import new_plan
from tests.unit.plan.plans import PLAN

_PLAN = load_plan(PLAN, "plan.toml")


@pytest.mark.parametrize("text", [PLAN, new_plan("Mill", "JP", "JPY")])
def test_a_stored_plan_loads_as_it_was(text: str) -> None:
    plan = load_plan(text, "plan.toml")
    assert decode_plan(encode_plan(plan)) == plan


def test_a_section_that_was_not_stored_has_its_defaults() -> None:
    stored = json.loads(encode_plan(_PLAN))
    del stored["returns"]
    assert decode_plan(json.dumps(stored).encode()) == _PLAN


def test_a_setting_that_was_not_stored_has_its_default() -> None:
    stored = json.loads(encode_plan(_PLAN))
    del stored["stock"]["safety_stock"]
    assert decode_plan(json.dumps(stored).encode()) == _PLAN


def test_a_setting_that_exists_no_more_is_passed_over() -> None:
    stored = json.loads(encode_plan(_PLAN))
    stored["stock"]["since_removed"] = 1
    assert decode_plan(json.dumps(stored).encode()) == _PLAN


def test_bytes_that_are_no_plan_are_not_taken_for_one() -> None:
    with pytest.raises(ValidationError):
        decode_plan(b"{}")
