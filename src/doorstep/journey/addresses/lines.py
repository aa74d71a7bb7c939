"""An address in the lines in which its country writes it, in Latin script. Pure."""

import re

from doorstep.journey.addresses.rules import Rules, is_country, rules_of
from doorstep.journey.order import Address

_PARTS = re.compile("%([A-Z])")
_TOKENS = {"N": "name", "O": "company", "A": "street", "C": "city", "Z": "postcode", "S": "region"}


def formatted(address: Address, name: str = "") -> tuple[str, ...]:
    """The lines of an address, the country last and in English, as the post abroad reads it.

    `name` is who receives it if the address itself does not say so. What the country has no place for is left out, but
    for the city, which then follows the street.
    """
    if not is_country(address.country):
        parts = (address.name or name, address.company, *address.street.split("\n"), address.postcode, address.city)
        return tuple(part for part in (*parts, address.region, address.country) if part)
    rules = rules_of(address.country)
    values = _values(address, rules, name)
    written = [_line(line, values) for line in rules.written.split("%n")]
    return tuple(line for one in (*written, rules.country_name) for line in one.split("\n") if line)


def _values(address: Address, rules: Rules, name: str) -> dict[str, str]:
    values: dict[str, str] = {field: getattr(address, field) for field in _TOKENS.values()}
    values["name"] = address.name or name
    if "city" not in rules.order and address.city:
        values["street"] = "\n".join(filter(None, (address.street, address.city)))
    return {field: value.upper() if field in rules.capital else value for field, value in values.items()}


def _line(form: str, values: dict[str, str]) -> str:
    """A line filled in. What stands before a part goes with it when it is missing, and so does what only separates."""
    written = ""
    parts = [*_PARTS.split(form), ""]
    for literal, token in zip(parts[::2], parts[1::2], strict=True):
        value = values.get(_TOKENS[token], "") if token in _TOKENS else ""
        if value or not token:
            written += literal if written or any(map(str.isalnum, literal)) else ""
            written += value
    return written.strip()
