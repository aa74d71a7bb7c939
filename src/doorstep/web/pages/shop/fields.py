"""The fields in which shoppers say who they are and where it goes, and what was written in them."""

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from doorstep.journey.addresses.fields import AddressField
from doorstep.journey.addresses.fields import address_fields as fields_of
from doorstep.journey.addresses.rules import is_country
from doorstep.journey.addresses.texts import one_line
from doorstep.journey.addresses.tidy import tidied
from doorstep.journey.order import Address, Buyer
from doorstep.kernel.limits import EMAIL_CHARS_MAX, TEXT_CHARS_MAX
from doorstep.plan.records import Plan
from doorstep.web.language import Language
from doorstep.web.pages.forms import Raw, first

_ANY = "GB"
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Asked(Struct, frozen=True, kw_only=True):
    """A field: what it is called, what browsers fill it in with, what is written in it, and what is wrong with that."""

    name: str
    label: str
    autocomplete: str
    kind: str = "text"
    value: str = ""
    wrong: str = ""
    hint: str = ""
    is_required: bool = False
    chars_max: int = TEXT_CHARS_MAX
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """Its name as a fragment of a URL."""
        return self.name.replace(".", "-")


_AUTOCOMPLETE: Mapping[str, tuple[str, str]] = {
    "name": ("name", "text"),
    "company": ("organization", "text"),
    "street": ("street-address", "lines"),
    "postcode": ("postal-code", "text"),
    "city": ("address-level2", "text"),
    "region": ("address-level1", "text"),
}
"""What browsers fill a field in with (WHATWG HTML, autofill), and of which kind it is where nothing is to choose."""


def countries(plan: Plan, language: Language) -> tuple[tuple[str, str], ...]:
    """The countries that the store delivers to, by their names."""
    zones = plan.shipping.zones
    known = {code for zone in zones for code in zone.countries}
    if not all(zone.countries for zone in zones):
        known = {code for code in map(str, language.locale.territories) if is_country(code)}
    pairs = ((code, language.country(code)) for code in known)
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


def written(sent: Raw, prefix: str) -> dict[str, str]:
    """What was written in the fields of a part of the form."""
    found = {name.removeprefix(f"{prefix}."): first(sent, name) for name in sent if name.startswith(f"{prefix}.")}
    return {name: value.replace("\r\n", "\n").strip() for name, value in found.items()}


def absurd(sent: Raw, language: Language) -> dict[str, str]:
    """What no field can hold, by the name of the field; what else is wrong the country decides."""
    found: dict[str, str] = {}
    for name in sent:
        text = first(sent, name).replace("\r\n", "\n")
        most = EMAIL_CHARS_MAX if name == "buyer.email" else TEXT_CHARS_MAX
        if "." in name and (len(text) > most or _CONTROLS.search(text)):
            found[name] = language("At most {most} ordinary characters, please.", most=language.number(most))
    return found


def buyer_of(sent: Raw, name: str) -> Buyer:
    """Who orders."""
    said = written(sent, "buyer")
    email, phone, tax_id = (one_line(said.get(part, "")) for part in ("email", "phone", "tax_id"))
    return Buyer(email, name, phone, tax_id)


def address_of(sent: Raw, prefix: str) -> Address:
    """Where it goes, or the bill."""
    said = written(sent, prefix)
    known = {name: said[name] for name in Address.__struct_fields__ if name in said}
    known["country"] = known.get("country", "")
    phone = written(sent, "buyer").get("phone", "") if prefix == "address" else ""
    return tidied(Address(**{**known, "phone": phone}))


def address_fields(prefix: str, values: Mapping[str, str], wrong: Mapping[str, str], language: Language) -> list[Asked]:
    """The fields of an address in its country, in the order in which people there write it."""
    country = values.get("country", "")
    known = fields_of(country, values.get("region", "")) if is_country(country) else fields_of(_ANY)
    return [_asked(prefix, one, values, wrong, language) for one in known if one.name != "country"]


def country_field(
    prefix: str, values: Mapping[str, str], wrong: Mapping[str, str], among: Iterable[tuple[str, str]], label: str
) -> Asked:
    """The field of the country, by which the others are chosen."""
    section = "billing" if prefix == "billing_address" else "shipping"
    return Asked(
        name=f"{prefix}.country",
        label=label,
        autocomplete=f"{section} country",
        kind="choose",
        value=values.get("country", ""),
        wrong=wrong.get(f"{prefix}.country", ""),
        choices=tuple(among),
    )


def _asked(
    prefix: str, field: AddressField, values: Mapping[str, str], wrong: Mapping[str, str], language: Language
) -> Asked:
    section = "billing" if prefix == "billing_address" else "shipping"
    autocomplete, kind = _AUTOCOMPLETE[field.name]
    return Asked(
        name=f"{prefix}.{field.name}",
        label=language.sentence(field.label),
        autocomplete=f"{section} {autocomplete}",
        kind="choose" if field.choices else kind,
        value=values.get(field.name, ""),
        wrong=wrong.get(f"{prefix}.{field.name}", ""),
        hint=language("Such as {example}.", example=field.example) if field.example else "",
        is_required=field.is_required,
        choices=tuple((one.key, one.name) for one in field.choices),
    )
