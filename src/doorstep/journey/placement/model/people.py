"""Who buys, and how they are reached: what is missing or wrong. Pure."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.addresses.phones import e164, example_phone
from doorstep.journey.addresses.texts import fault_of
from doorstep.journey.order import Buyer
from doorstep.journey.placement.model.emails import is_email
from doorstep.journey.placement.model.problems import Field, Problem, Severity
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.kernel.phrase import phrase
from doorstep.plan.records import Plan

_EMAIL = Field("email", phrase("E-mail address"), "ada@example.com")
_NAME = phrase("Name")
_PHONE = phrase("Phone number")


class Reached(Struct, frozen=True):
    """What was wished with the phone numbers in E.164, as far as they are numbers; the paths of those that are not."""

    wishes: Wishes
    wrong: tuple[str, ...] = ()


def reached(wishes: Wishes, plan: Plan) -> Reached:
    """A number without the code of a country is one of the country that the goods go to, else of the store's."""
    buyer, address = wishes.buyer, wishes.address
    country = address.country if address and address.country else plan.store.country
    wrong = []
    if buyer and buyer.phone:
        number = e164(buyer.phone, country)
        if not number:
            wrong.append("buyer.phone")
        elif number != buyer.phone:
            wishes = replace(wishes, buyer=replace(buyer, phone=number))
    if address and address.phone:
        number = e164(address.phone, country)
        if not number:
            wrong.append("address.phone")
        elif number != address.phone:
            wishes = replace(wishes, address=replace(address, phone=number))
    return Reached(wishes, tuple(wrong))


def buyer_problems(buyer: Buyer | None) -> Iterable[Problem]:
    """What is missing or wrong in who buys, but for their phone number."""
    if buyer is None or not buyer.email:
        said = phrase("An e-mail address is needed.")
        yield Problem("field_missing", "buyer.email", Severity.BUYER_INPUT, said, field=_EMAIL)
    elif not is_email(buyer.email):
        said = phrase("This is not an e-mail address.")
        yield Problem("bad_email", "buyer.email", Severity.BUYER_INPUT, said, field=_EMAIL)
    if buyer and buyer.name and (bad := fault_of(buyer.name, _NAME)):
        yield Problem("bad_field", "buyer.name", Severity.BUYER_INPUT, bad, field=Field("name", _NAME))


def phone_problems(found: Reached, services: Iterable[str], plan: Plan) -> Iterable[Problem]:
    """What is wrong with phone numbers, and that there is none where the plan, the country or a service needs one."""
    buyer, address = found.wishes.buyer, found.wishes.address
    country = address.country if address and address.country else plan.store.country
    field = Field("phone", _PHONE, example_phone(country))
    for path in found.wrong:
        said = phrase("This is not a phone number. With the code of the country it certainly is understood.")
        yield Problem("bad_phone", path, Severity.BUYER_INPUT, said, field=field)
    is_given = bool((buyer and buyer.phone) or (address and address.phone))
    if not is_given and _needs_phone(country, services, plan):
        said = phrase("A phone number is needed for the delivery, such as {example}.", example=field.example)
        yield Problem("field_missing", "buyer.phone", Severity.BUYER_INPUT, said, field=field)


def _needs_phone(country: str, services: Iterable[str], plan: Plan) -> bool:
    if plan.placement.phone_required or country in plan.placement.phone_required_countries:
        return True
    return any((service := plan.service(name)) and service.phone_required for name in services)
