"""Codes of the phone: right for a short while, and once."""

from datetime import UTC, datetime, timedelta

import pytest
from pyotp import TOTP

from doorstep.access.model.second_factor import enrolment, recovery_code, recovery_digest, step_of

_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_STEP = int(_AT.timestamp()) // 30


def code(steps: int = 0) -> str:
    return TOTP(_SECRET).generate_otp(_STEP + steps)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_right_a_step_early_and_a_step_late(steps: int) -> None:
    assert step_of(_SECRET, code(steps), _AT, 0) == _STEP + steps


@pytest.mark.parametrize("steps", [-2, 2, 100])
def test_a_code_of_another_time_is_wrong(steps: int) -> None:
    assert step_of(_SECRET, code(steps), _AT, 0) is None


def test_a_code_serves_once_and_so_does_each_before_it() -> None:
    assert step_of(_SECRET, code(), _AT, _STEP) is None
    assert step_of(_SECRET, code(-1), _AT, _STEP) is None
    assert step_of(_SECRET, code(1), _AT, _STEP) == _STEP + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0x12ab"])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert step_of(_SECRET, typed, _AT, 0) is None


def test_a_code_may_be_typed_with_a_gap() -> None:
    assert step_of(_SECRET, f"{code()[:3]} {code()[3:]}", _AT + timedelta(seconds=5), 0) == _STEP


def test_the_phone_is_told_store_and_person() -> None:
    address = enrolment(_SECRET, "anna@tea.example", "Mill Lane Tea").address
    assert address.startswith(
        "otpauth://totp/Mill%20Lane%20Tea:anna%40tea.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    )


def test_a_recovery_code_is_the_same_however_it_is_typed() -> None:
    shown = recovery_code("7K2MQX94B0TR" + "Z" * 40)
    assert shown == "7K2M-QX94-B0TR"
    assert recovery_digest("stf_1", shown) == recovery_digest("stf_1", " 7k2mqx94 botr")
    assert recovery_digest("stf_1", shown) != recovery_digest("stf_2", shown)
