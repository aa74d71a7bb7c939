"""What is missing or wrong in an address is named, and what it should be."""

import pytest

from doorstep.journey.addresses.faults import Fault, faults
from doorstep.journey.addresses.tidy import tidied
from doorstep.journey.order import Address

_GB = {"country": "GB", "name": "Ada", "street": "1 Mill Lane", "city": "Ely", "postcode": "CB7 4AA"}


def found(**fields: str) -> dict[str, Fault]:
    """What is wrong with an address in Great Britain but for some fields."""
    return {one.field.name: one for one in faults(tidied(Address(**{**_GB, **fields})))}


def test_nothing_is_wrong_with_an_address_that_is_right() -> None:
    assert found() == {}


def test_what_is_missing_is_asked_for_with_an_example() -> None:
    fault = found(postcode="")["postcode"]
    assert (fault.kind, str(fault.message)) == ("field_missing", "Postcode is missing. It looks like EC1Y 8SY.")


def test_who_receives_it_is_asked_for_unless_a_company_or_the_buyer_does() -> None:
    assert found(name="")["name"].kind == "field_missing"
    assert found(name="", company="Mill Lane Tea") == {}
    assert faults(Address(**{**_GB, "name": ""}), "Ada") == ()


def test_a_region_that_is_none_comes_with_those_that_are() -> None:
    fault = found(country="US", city="San Jose", region="Kalifornia", postcode="95113")["region"]
    assert (fault.kind, str(fault.message)) == ("field_invalid", "State or territory: there is no Kalifornia here.")
    assert ("CA", "California") in {(one.key, one.name) for one in fault.field.choices}


def test_a_postcode_of_another_region_is_told_from_one_of_no_form() -> None:
    elsewhere = found(country="US", city="Springfield", region="CA", postcode="62701")["postcode"]
    of_no_form = found(country="US", city="San Jose", region="CA", postcode="951")["postcode"]
    assert str(elsewhere.message) == "ZIP code: 62701 is not in Springfield, CA."
    assert str(of_no_form.message).startswith("ZIP code: here it looks like 9")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("UK", ("GB",)),
        ("usa", ("US",)),
        ("DEU", ("DE",)),
        ("Deutschland", ("DE",)),
        ("Germny", ("DE",)),
        ("Holland", ("NL",)),
        ("QQ", ("QA",)),
        ("?", ()),
        ("nowhere at all", ()),
    ],
)
def test_a_country_that_is_none_comes_with_what_was_meant(written: str, meant: tuple[str, ...]) -> None:
    fault = found(country=written)["country"]
    assert (fault.kind, tuple(one.key for one in fault.field.choices)) == ("unknown_country", meant)


def test_without_a_country_only_the_country_is_asked_for() -> None:
    assert [one.field.name for one in faults(Address(""))] == ["country"]


@pytest.mark.parametrize("country", ["../../x", "..", "A1", "ÄÖ", "al", "ALL", "zz", "GBR\n"])
def test_what_is_no_code_opens_no_file(country: str) -> None:
    assert [one.kind for one in faults(Address(country, "Ada", "1 Mill Lane"))] == ["unknown_country"]
