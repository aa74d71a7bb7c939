"""The fields of an address in a country, so that a storefront can draw its form."""

from msgspec import Struct

from doorstep.journey.addresses.countries import nearest_countries
from doorstep.journey.addresses.fields import AddressField, Choice, address_fields, label_of
from doorstep.journey.addresses.phones import example_phone
from doorstep.journey.addresses.rules import is_country
from doorstep.kernel.errors import Missing
from doorstep.plan.records import Placement
from doorstep.web.endpoint import Ask, Parameter
from doorstep.web.language import Language, spoken

COUNTRY = Parameter(
    "country", "query", "ISO 3166-1 alpha-2.", {"type": "string", "pattern": "^[A-Z]{2}$"}, "GB", required=True
)
REGION = Parameter(
    "region",
    "query",
    "A region of it, by its name or its id: it narrows down the cities and the example of a postcode.",
    {"type": "string", "maxLength": 100},
    "CA",
)
LOCALE = Parameter(
    "locale",
    "query",
    "The language of the labels, by BCP 47; the store's first when there is none.",
    {"type": "string", "maxLength": 35},
    "en",
)


class ChoiceView(Struct, frozen=True):
    """One of the values that a field can have: what is sent, and what people read."""

    id: str
    label: str


class AddressFieldView(Struct, frozen=True):
    """A field: its name in an address, what people there call it, whether it must be filled in, an example."""

    name: str
    label: str
    required: bool
    example: str
    choices: tuple[ChoiceView, ...]


class AddressForm(Struct, frozen=True):
    """The fields of an address in the order in which people of the country write them."""

    country: str
    fields: tuple[AddressFieldView, ...]


async def read(ask: Ask[None]) -> AddressForm:
    """The form of a country."""
    country = ask.query.get("country", "")
    if not is_country(country):
        nearest = ", ".join(nearest_countries(country))
        meant = f" Perhaps one of these is meant: {nearest}." if nearest else ""
        raise Missing("no_such_country", f"There is no country {country or 'given'}.{meant}")
    plan = ask.given.plans.in_force
    language = spoken(ask.query.get("locale", ""), plan.store)
    fields = (*address_fields(country, ask.query.get("region", "")), _phone(country, plan.placement))
    return AddressForm(country, tuple(_shown(field, language) for field in fields))


def _phone(country: str, placement: Placement) -> AddressField:
    is_required = placement.phone_required or country in placement.phone_required_countries
    return AddressField("phone", label_of("phone"), is_required, example_phone(country))


def _shown(field: AddressField, language: Language) -> AddressFieldView:
    choices = tuple(_choice(one) for one in field.choices)
    return AddressFieldView(field.name, language.sentence(field.label), field.is_required, field.example, choices)


def _choice(choice: Choice) -> ChoiceView:
    return ChoiceView(choice.key, choice.name)
