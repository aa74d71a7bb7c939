"""What is missing or wrong in an address, in words. Pure."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.addresses.countries import nearest_countries
from doorstep.journey.addresses.fields import AddressField, Choice, field_of, label_of
from doorstep.journey.addresses.rules import Rules, is_country, rules_of
from doorstep.journey.addresses.texts import fault_of
from doorstep.journey.order import Address
from doorstep.kernel.phrase import Phrase, phrase

_TEXTS = ("name", "street", "city", "postcode", "region", "company", "instructions", "access_code")


class Fault(Struct, frozen=True):
    """What is missing or wrong: of which kind, in which field, in words.

    The kind is "field_missing", "field_invalid" (not as the country has it), "bad_field" (right in no country) or
    "unknown_country".
    """

    kind: str
    field: AddressField
    message: Phrase


def faults(address: Address, name: str = "") -> tuple[Fault, ...]:
    """What keeps an address from being delivered to; nothing when all is well. It was made tidy before.

    `name` is who receives it if the address itself does not say so.
    """
    if not address.country:
        field = field_of("country")
        return (Fault("field_missing", field, phrase("{label} is missing.", label=field.label)),)
    bad = tuple(_bad(address))
    if not is_country(address.country):
        return (*bad, _unknown(address.country))
    rules = rules_of(address.country, address.region, address.city)
    spoiled = {fault.field.name for fault in bad}
    return (*bad, *(fault for fault in _wrong(address, rules, name) if fault.field.name not in spoiled))


def _bad(address: Address) -> Iterator[Fault]:
    for name in _TEXTS:
        text: str = getattr(address, name)
        if text and (message := fault_of(text, label_of(name))):
            yield Fault("bad_field", field_of(name), message)


def _unknown(country: str) -> Fault:
    nearest = nearest_countries(country)
    field = field_of("country")
    choices = tuple(Choice(code, code) for code in nearest)
    message = phrase("There is no country {country}.", country=country[:60])
    return Fault("unknown_country", replace(field, choices=choices), message)


def _wrong(address: Address, rules: Rules, name: str) -> Iterator[Fault]:
    """In the order in which the country writes its fields."""
    if not (address.name or address.company or name):
        yield _missing("name", rules)
    for field in dict.fromkeys(("street", *rules.order)):
        value: str = getattr(address, field)
        if not value:
            if field in rules.required:
                yield _missing(field, rules)
        elif field == "postcode":
            yield from _wrong_postcode(value, address, rules)
        elif _is_none_of(value, _known(field, rules)):
            said = phrase("{label}: there is no {value} here.", label=label_of(field, rules), value=value)
            yield Fault("field_invalid", field_of(field, rules), said)


def _missing(name: str, rules: Rules) -> Fault:
    field = field_of(name, rules)
    if field.example:
        said = phrase("{label} is missing. It looks like {example}.", label=field.label, example=field.example)
        return Fault("field_missing", field, said)
    return Fault("field_missing", field, phrase("{label} is missing.", label=field.label))


def _wrong_postcode(value: str, address: Address, rules: Rules) -> Iterator[Fault]:
    """It must wholly be of the country's form, and begin as the region and the city say."""
    if rules.postcode_form and not rules.postcode_form.fullmatch(value):
        field = field_of("postcode", rules)
        said = phrase("{label}: here it looks like {example}.", label=field.label, example=field.example)
        yield Fault("field_invalid", field, said)
    elif not all(form.match(value) for form in rules.postcode_begins):
        field = field_of("postcode", rules)
        place = ", ".join(filter(None, (address.city, address.region)))
        said = phrase("{label}: {value} is not in {place}.", label=field.label, value=value, place=place)
        yield Fault("field_invalid", field, said)


def _known(field: str, rules: Rules) -> Mapping[str, str]:
    return rules.region_keys if field == "region" else rules.city_keys if field == "city" else {}


def _is_none_of(value: str, known: Mapping[str, str]) -> bool:
    return bool(known) and value.lower() not in known
