"""The fields in which shoppers say who they are and where it goes, and what was written in them."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from doorstep.journey.addresses.tidy import tidied
from doorstep.journey.order import Address, Buyer
from doorstep.kernel.limits import EMAIL_CHARS_MAX, TEXT_CHARS_MAX
from doorstep.plan.records import Plan
from doorstep.web.labels import marked
from doorstep.web.language import Language
from doorstep.web.pages.forms import Raw, first

NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""What the CLDR lists beside countries."""


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


class _Known(Struct, frozen=True):
    """What is known of a field in every country."""

    label: str
    autocomplete: str
    kind: str = "text"


ADDRESS: Mapping[str, _Known] = {
    "name": _Known(marked("Full name"), "name"),
    "company": _Known(marked("Company"), "organization"),
    "street": _Known(marked("Street and number"), "street-address", "lines"),
    "postcode": _Known(marked("Postcode"), "postal-code"),
    "city": _Known(marked("City"), "address-level2"),
    "region": _Known(marked("Region"), "address-level1"),
}


def countries(plan: Plan, language: Language) -> tuple[tuple[str, str], ...]:
    """The countries that the store delivers to, by their names."""
    names = {code: name for code, name in language.locale.territories.items() if len(code) == 2 and code.isalpha()}
    zones = plan.shipping.zones
    known = {code for zone in zones for code in zone.countries}
    if not all(zone.countries for zone in zones):
        known = names.keys() - NO_COUNTRIES
    pairs = ((code, names.get(code, code)) for code in known)
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


def written(sent: Raw, prefix: str) -> dict[str, str]:
    """What was written in the fields of a part of the form."""
    found = {name.removeprefix(f"{prefix}."): first(sent, name) for name in sent if name.startswith(f"{prefix}.")}
    return {name: value.replace("\r\n", "\n").strip() for name, value in found.items()}


def absurd(sent: Raw, language: Language) -> dict[str, str]:
    """What no field can hold, by the name of the field."""
    found: dict[str, str] = {}
    for name in sent:
        text = first(sent, name).replace("\r\n", "\n")
        most = EMAIL_CHARS_MAX if name == "buyer.email" else TEXT_CHARS_MAX
        if "." in name and (len(text) > most or not text.replace("\n", "").isprintable()):
            found[name] = language("At most {most} ordinary characters, please.", most=language.number(most))
    return found


def buyer_of(sent: Raw, name: str) -> Buyer:
    """Who orders."""
    said = written(sent, "buyer")
    return Buyer(said.get("email", ""), name, said.get("phone", ""), said.get("tax_id", ""))


def address_of(sent: Raw, prefix: str) -> Address:
    """Where it goes, or the bill."""
    said = written(sent, prefix)
    known = {name: said[name] for name in Address.__struct_fields__ if name in said}
    known["country"] = known.get("country", "")
    phone = written(sent, "buyer").get("phone", "") if prefix == "address" else ""
    return tidied(Address(**{**known, "phone": phone}))


def address_fields(prefix: str, values: Mapping[str, str], wrong: Mapping[str, str], language: Language) -> list[Asked]:
    """The fields of an address in its country, in the order in which people there write it."""
    section = "billing" if prefix == "billing_address" else "shipping"
    return [
        Asked(
            name=f"{prefix}.{name}",
            label=language(known.label),
            autocomplete=f"{section} {known.autocomplete}",
            kind=known.kind,
            value=values.get(name, ""),
            wrong=wrong.get(f"{prefix}.{name}", ""),
            is_required=name in ("name", "street", "city"),
        )
        for name, known in ADDRESS.items()
    ]


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
