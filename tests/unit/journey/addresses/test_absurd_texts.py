"""What is hostile or absurd is refused with the reason; what is unusual but right is not."""

import pytest

from doorstep.journey.addresses.faults import faults
from doorstep.journey.addresses.tidy import tidied
from doorstep.journey.order import Address

_FIELDS = ("name", "street", "city", "company", "instructions", "access_code")


def said_of(field: str, text: str) -> list[str]:
    """What is said of an address with this text in one of its fields."""
    right = {"country": "DE", "name": "Ada", "street": "Weg 1", "city": "Ulm", "postcode": "89073"}
    return [str(one.message).partition(": ")[2] for one in faults(tidied(Address(**{**right, field: text})))]


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 10_000, "at most 300 characters are possible, not 10000."),
        ("Ada\x00", "some of these characters cannot be printed on a label."),
        ("Ada\x1b[2J", "some of these characters cannot be printed on a label."),
        ("Ada \ue000", "some of these characters cannot be printed on a label."),
        ("A" + "\u0301" * 40, "some of these characters cannot be printed on a label."),
        ("<script>alert(1)</script>", "< > cannot be part of it."),
        ("{{ 7 * 7 }}", "{ } cannot be part of it."),
        ("---", "letters or numbers are needed."),
        ("?!…", "letters or numbers are needed."),
    ],
)
def test_what_is_absurd_is_refused_with_the_reason(field: str, text: str, reason: str) -> None:
    assert said_of(field, text) == [reason]


@pytest.mark.parametrize(
    "name",
    [
        "محمد بن راشد",
        "שרה כהן",
        "می‌خواهم",
        "李小龍",
        "Zoë O’Neil-Müller",
        "😀",
        "👩‍👩‍👧 & Ada",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f Fans",
        "สมชาย ใจดี",
        "X Æ A-12",
        "Robert'); DROP TABLE orders;--",
    ],
)
def test_what_is_unusual_is_taken(name: str) -> None:
    assert said_of("name", name) == []


def test_many_lines_are_refused() -> None:
    assert said_of("street", "\n".join("abcdefgh")) == ["at most 6 lines are possible."]


def test_text_is_made_tidy() -> None:
    typed = Address("de ", " Ada\t Lovelace ", "Weg 1 \n\n  Hof", "Mu\u0308nchen", "d-80331", "", "\u202eevil\u202c")
    tidy = Address("DE", "Ada Lovelace", "Weg 1\nHof", "M\u00fcnchen", "80331", "", "evil")
    assert (tidied(typed), tidied(tidy)) == (tidy, tidy)


def test_wide_digits_and_names_of_regions_become_codes() -> None:
    assert tidied(Address("JP", postcode="１００-０００１")).postcode == "100-0001"
    assert tidied(Address("US", region="california")).region == "CA"
    assert tidied(Address("ES", region="Madrid")).region == "Madrid"
