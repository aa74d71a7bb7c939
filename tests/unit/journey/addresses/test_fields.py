"""Each country asks for its own fields, in its own order, by its own names."""

import pytest

from doorstep.journey.addresses.fields import address_fields, field_of
from doorstep.journey.addresses.rules import rules_of


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("GB", "country name company street city postcode"),
        ("DE", "country name company street postcode city"),
        ("US", "country name company street city region postcode"),
        ("JP", "country postcode region street company name"),
        ("AE", "country name company street region"),
    ],
)
def test_the_fields_come_in_the_order_of_the_country(country: str, names: str) -> None:
    assert [one.name for one in address_fields(country)] == names.split()


@pytest.mark.parametrize(
    ("country", "field", "label"),
    [
        ("GB", "postcode", "Postcode"),
        ("US", "postcode", "ZIP code"),
        ("IN", "postcode", "PIN code"),
        ("IE", "postcode", "Eircode"),
        ("IE", "region", "County"),
        ("JP", "region", "Prefecture"),
        ("CA", "region", "Province"),
        ("GB", "city", "Town or city"),
    ],
)
def test_a_field_is_called_what_its_country_calls_it(country: str, field: str, label: str) -> None:
    assert str(field_of(field, rules_of(country)).label) == label


def test_what_a_country_does_not_need_is_not_required() -> None:
    required = {one.name: one.is_required for one in address_fields("IE")}
    assert required == {
        "country": True,
        "name": True,
        "company": False,
        "street": True,
        "city": True,
        "region": False,
        "postcode": False,
    }


def test_regions_can_be_chosen_by_name_and_are_kept_by_key() -> None:
    (region,) = (one for one in address_fields("US") if one.name == "region")
    assert {one.key: one.name for one in region.choices}["CA"] == "California"


def test_a_region_narrows_down_the_example() -> None:
    (postcode,) = (one for one in address_fields("US", "California") if one.name == "postcode")
    assert postcode.example.startswith("9")


def test_a_country_that_is_none_has_no_fields() -> None:
    with pytest.raises(ValueError, match="XX"):
        address_fields("XX")
