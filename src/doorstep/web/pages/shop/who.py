"""The first step of the checkout: who orders, where it goes, and where the bill goes."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, to_builtins

from doorstep.journey.addresses.phones import example_phone
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.kernel.errors import DoorstepError
from doorstep.web.pages.forms import Raw, first
from doorstep.web.pages.page import Moved, Shown, Visit, hinted
from doorstep.web.pages.shop.fields import (
    Asked,
    absurd,
    address_fields,
    address_of,
    buyer_of,
    countries,
    country_field,
)
from doorstep.web.pages.shop.gaps import others, wrong_on
from doorstep.web.pages.shop.kept import CHECKOUT, DELIVERY, Stand, changed, elsewhere, found, stand
from doorstep.web.pages.shop.shown import page, steps
from doorstep.web.pages.shop.talk import looked_at
from doorstep.web.pages.shop.words import differences, refusal

_ABSURD, _REFUSED = 422, 422


class WhoForm(Struct, frozen=True):
    """What the button says: to go on, or only to ask for what another country needs. All else is read by its field."""

    act: str = ""
    billing: str = "same"
    seen: int | None = None


async def who(visit: Visit) -> Shown | Moved:
    """The form, with what is known already."""
    checkout = await looked_at(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return not_open(visit, checkout)
    is_begun = checkout.wishes.address is not None
    wrong = wrong_on(CHECKOUT, checkout, visit.language) if is_begun else {}
    return _form(visit, checkout, _known(checkout, visit), wrong, 200)


async def said_who(visit: Visit) -> Shown | Moved:
    """Keep what was written, and go on when nothing is missing."""
    checkout = await found(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return not_open(visit, checkout)
    if visit.form.act == "country":
        return _form(visit, checkout, visit.sent, {}, 200)
    if wrong := absurd(visit.sent, visit.language):
        return _form(visit, checkout, visit.sent, wrong, _ABSURD)
    after = await _keep(visit, checkout)
    if wrong := wrong_on(CHECKOUT, after, visit.language):
        return _form(visit, after, visit.sent, wrong, _REFUSED)
    said = differences(checkout, after, visit.form.seen, visit.language)
    return Moved(DELIVERY, hinted(said) if said else ())


async def who_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """The form, with why it could not be kept."""
    checkout = await found(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return not_open(visit, checkout)
    return _form(visit, checkout, visit.sent, {"": refusal(error, visit.language)}, error.status)


def not_open(visit: Visit, checkout: Checkout | None) -> Shown | Moved:
    """What is seen in place of a step when nothing can be changed any more, or there is nothing."""
    at = stand(checkout, visit)
    if moved := elsewhere(at):
        return moved
    return page(visit, "over" if at is Stand.OVER else "nothing", checkout, {})


async def _keep(visit: Visit, checkout: Checkout) -> Checkout:
    to = address_of(visit.sent, "address")
    bill = address_of(visit.sent, "billing_address") if visit.form.billing == "other" else None
    buyer = buyer_of(visit.sent, bill.name if bill else to.name)
    return await changed(visit, checkout, {"buyer": buyer, "address": to, "billing_address": bill})


def _known(checkout: Checkout, visit: Visit) -> Raw:
    """What was said before, as the form would send it."""
    wishes = checkout.wishes
    home = {"country": visit.given.plans.in_force.store.country}
    parts: dict[str, Any] = {
        "buyer": to_builtins(wishes.buyer) if wishes.buyer else {},
        "address": to_builtins(wishes.address) if wishes.address else home,
        "billing_address": to_builtins(wishes.billing_address) if wishes.billing_address else {},
    }
    known: dict[str, list[str | bytes]] = {
        f"{part}.{name}": [value] for part, values in parts.items() for name, value in values.items()
    }
    known["billing"] = ["other" if wishes.billing_address else "same"]
    return known


def _form(visit: Visit, checkout: Checkout, said: Raw, wrong: Mapping[str, str], status: int) -> Shown:
    fill = {
        "here": CHECKOUT,
        "steps": steps(CHECKOUT, visit),
        "wrong": wrong,
        "others": others(checkout, visit.language),
        "buyer": _buyer_fields(visit, said, wrong),
        "places": {part: _place_fields(visit, part, said, wrong) for part in ("address", "billing_address")},
        "extra": _extra_fields(visit, said, wrong),
        "billing": first(said, "billing") or "same",
    }
    return page(visit, "who", checkout, {**fill, "labels": _labels(fill)}, status)


def _labels(fill: Mapping[str, Any]) -> dict[str, Asked]:
    """Every field by its name, for the summary of what is wrong."""
    both = [asked for fields in fill["places"].values() for asked in fields]
    return {asked.name: asked for asked in (*fill["buyer"], *both, *fill["extra"])}


def _buyer_fields(visit: Visit, said: Raw, wrong: Mapping[str, str]) -> list[Asked]:
    say, is_needed = visit.language, visit.given.plans.in_force.placement.phone_required
    example = example_phone(first(said, "address.country") or visit.given.plans.in_force.store.country)
    for_phone = say("For the courier, such as {example}.", example=example)
    email = Asked(name="buyer.email", label=say("E-mail address"), autocomplete="email", kind="email", is_required=True)
    phone = Asked(name="buyer.phone", label=say("Phone"), autocomplete="tel", kind="tel", hint=for_phone)
    return [_filled(email, said, wrong, is_needed=True), _filled(phone, said, wrong, is_needed=is_needed)]


def _extra_fields(visit: Visit, said: Raw, wrong: Mapping[str, str]) -> list[Asked]:
    say = visit.language
    where = say("Such as: with the neighbor, in the shed.")
    asked = (
        Asked(
            name="address.instructions", label=say("Where to leave it"), autocomplete="off", kind="lines", hint=where
        ),
        Asked(name="address.access_code", label=say("Code of the door"), autocomplete="off"),
        Asked(name="buyer.tax_id", label=say("VAT number"), autocomplete="off", hint=say("For businesses.")),
    )
    return [_filled(one, said, wrong, is_needed=False) for one in asked]


def _place_fields(visit: Visit, part: str, said: Raw, wrong: Mapping[str, str]) -> list[Asked]:
    prefix = f"{part}."
    values = {name.removeprefix(prefix): first(said, name) for name in said if name.startswith(prefix)}
    plan, say = visit.given.plans.in_force, visit.language
    values.setdefault("country", first(said, "address.country") or plan.store.country)
    country = country_field(part, values, wrong, countries(plan, say), say("Country"))
    return [country, *address_fields(part, values, wrong, say)]


def _filled(asked: Asked, said: Raw, wrong: Mapping[str, str], *, is_needed: bool) -> Asked:
    known = {name: getattr(asked, name) for name in asked.__struct_fields__}
    told = {"value": first(said, asked.name), "wrong": wrong.get(asked.name, ""), "is_required": is_needed}
    return Asked(**known | told)
