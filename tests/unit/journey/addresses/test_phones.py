"""Phone numbers are those of their country, and kept in one form."""

import pytest

from doorstep.journey.addresses.phones import e164, example_phone, national_digits


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("020 7946 0000", "GB", "+442079460000"),
        ("+44 (0)20 7946-0000", "DE", "+442079460000"),
        ("0044 20 7946 0000", "DE", "+442079460000"),
        ("030 1234567", "DE", "+49301234567"),
        ("+442079460000", "", "+442079460000"),
        ("020 7946 0000", "", ""),
        ("12", "GB", ""),
        ("0000000000", "GB", ""),
        ("call me", "GB", ""),
        ("020 7946 0000 ext. 5", "GB", ""),
        ("1" * 10_000, "GB", ""),
        ("٠٢٠ ٧٩٤٦ ٠٠٠٠", "GB", "+442079460000"),
        ("020 7946 0000", "XX", ""),
    ],
)
def test_a_number_is_kept_in_the_international_form(typed: str, country: str, kept: str) -> None:
    assert e164(typed, country) == kept


def test_the_example_of_a_country_is_a_number_of_it() -> None:
    assert {country: bool(e164(example_phone(country), country)) for country in ("GB", "US", "BR", "JP", "AE")} == {
        "GB": True,
        "US": True,
        "BR": True,
        "JP": True,
        "AE": True,
    }


def test_the_digits_that_are_dialed_at_home() -> None:
    assert (national_digits("+442079460000"), national_digits("call me")) == ("02079460000", "")
