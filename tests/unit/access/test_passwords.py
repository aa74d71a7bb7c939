"""Which passwords are taken, and why the others are not."""

import pytest

from doorstep.access.model.passwords import check_password, prepared
from doorstep.kernel.errors import Refused


@pytest.mark.parametrize("password", ["correct horse", "ten letter", "пароль из слов", "x9" + "ab" * 99])
def test_length_is_enough(password: str) -> None:
    check_password(password, "anna@tea.example", "Mill Lane Tea")
    assert prepared(password)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "at least 10 characters"),
        ("nine char", "at least 10"),
        ("abc" * 67, "at most 200"),
        ("Password123", "anybody would try"),
        ("aaaaaaaaaaab", "anybody would try"),
        ("mill-lane TEA 77", "name of the store"),
        ("i am annabel!", "your e-mail address"),
    ],
)
def test_what_is_refused_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        check_password(password, "annabel@tea.example", "Mill Lane Tea")
    assert refused.value.code == "weak_password"
    assert "password" in refused.value.fields


def test_a_very_short_address_forbids_nothing() -> None:
    check_password("anonymous walrus", "an@tea.example", "Tea")
    assert prepared("ﬁsh") == "fish"
