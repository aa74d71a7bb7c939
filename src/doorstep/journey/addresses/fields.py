"""The fields of an address, country by country: which, in which order, what its people call them, an example. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from doorstep.journey.addresses.rules import Rules, rules_of
from doorstep.kernel.phrase import Phrase, phrase

_KEPT = 2048
_POSTCODES: Mapping[str, Phrase] = {
    "postal": phrase("Postcode"),
    "zip": phrase("ZIP code"),
    "pin": phrase("PIN code"),
    "eircode": phrase("Eircode"),
}
_REGIONS: Mapping[str, Phrase] = {
    "area": phrase("Area"),
    "county": phrase("County"),
    "department": phrase("Department"),
    "district": phrase("District"),
    "do_si": phrase("Province or city (do, si)"),
    "emirate": phrase("Emirate"),
    "island": phrase("Island"),
    "oblast": phrase("Oblast"),
    "parish": phrase("Parish"),
    "prefecture": phrase("Prefecture"),
    "province": phrase("Province"),
    "state": phrase("State or territory"),
}
_CITIES: Mapping[str, Phrase] = {
    "city": phrase("City"),
    "district": phrase("District"),
    "post_town": phrase("Town or city"),
    "suburb": phrase("Suburb"),
}
_LABELS: Mapping[str, Phrase] = {
    "country": phrase("Country"),
    "name": phrase("Full name"),
    "company": phrase("Company"),
    "street": phrase("Street and house number"),
    "phone": phrase("Phone number"),
    "instructions": phrase("Delivery instructions"),
    "access_code": phrase("Access code of the door"),
}
_ALWAYS = ("name", "company", "street")


class Choice(Struct, frozen=True):
    """One of few values that a field can have: what is stored, and what people read."""

    key: str
    name: str


class AddressField(Struct, frozen=True):
    """A field of an address: its name in an address of ours, what forms call it, whether it must be filled in."""

    name: str
    label: Phrase
    is_required: bool = False
    example: str = ""
    choices: tuple[Choice, ...] = ()


def label_of(name: str, rules: Rules | None = None) -> Phrase:
    """What people of a country call a field; without its rules, what most people do."""
    if name == "postcode":
        return _POSTCODES.get(rules.postcode_kind if rules else "", _POSTCODES["postal"])
    if name == "region":
        return _REGIONS.get(rules.region_kind if rules else "", _REGIONS["province"])
    if name == "city":
        return _CITIES.get(rules.city_kind if rules else "", _CITIES["city"])
    return _LABELS[name]


def field_of(name: str, rules: Rules | None = None) -> AddressField:
    """A field as a country asks for it."""
    if rules is None:
        return AddressField(name, label_of(name), name in ("country", "name", "street"))
    names = rules.region_names if name == "region" else rules.city_names if name == "city" else {}
    return AddressField(
        name=name,
        label=label_of(name, rules),
        is_required=name == "name" or name in rules.required,
        example=rules.postcode_example if name == "postcode" else "",
        choices=tuple(Choice(key, " / ".join(dict.fromkeys(called))) for key, called in names.items()),
    )


@lru_cache(_KEPT)
def address_fields(country: str, region: str = "") -> tuple[AddressField, ...]:
    """The fields that a form asks for, in the order in which people of the country write them; first the country.

    A region that the country names narrows down the cities and the example. ValueError when there is no such country.
    """
    rules = rules_of(country, region)
    missing = [name for name in _ALWAYS if name not in rules.order]
    written = [field_of(name, rules) for name in (*missing, *dict.fromkeys(rules.order))]
    return (AddressField("country", label_of("country"), is_required=True, example=country), *written)
