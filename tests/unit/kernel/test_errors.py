"""An expected no has a code, a sentence and the fields it is about."""

import pytest

from doorstep.kernel.errors import Conflict, DoorstepError, LawBroken, Missing, NotAllowed, Refused, TryLater


@pytest.mark.parametrize(
    ("error", "status"),
    [(Refused, 422), (Missing, 404), (Conflict, 409), (NotAllowed, 403), (TryLater, 503), (LawBroken, 500)],
)
def test_each_kind_of_no_has_its_status(error: type[DoorstepError], status: int) -> None:
    assert error("code", "Sentence.").status == status


def test_a_no_says_what_it_is_about() -> None:
    error = Refused("bad_amount", "No.", {"lines[0]": "3"})
    assert (error.code, str(error), error.fields) == ("bad_amount", "No.", {"lines[0]": "3"})


def test_try_later_says_when() -> None:
    assert TryLater("busy", "Later.", 2.5).retry_after_seconds == 2.5
