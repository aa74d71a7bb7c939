"""The second step of the checkout: in how many parcels it comes, when, and for how much."""

from msgspec import Struct

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.priced import DeliveryOption, DeliveryPlan
from doorstep.kernel.errors import DoorstepError
from doorstep.web.labels import marked
from doorstep.web.language import Language
from doorstep.web.pages.page import Moved, Shown, Visit, hinted
from doorstep.web.pages.shop.gaps import first_gap, others, wrong_on
from doorstep.web.pages.shop.kept import DELIVERY, PAYMENT, Stand, changed, found, stand
from doorstep.web.pages.shop.lines import names_of
from doorstep.web.pages.shop.shown import page, steps
from doorstep.web.pages.shop.talk import looked_at
from doorstep.web.pages.shop.timeline import Column, Scale, Track, day_in_words, scale_of, tracks
from doorstep.web.pages.shop.who import not_open
from doorstep.web.pages.shop.words import differences, refusal

_PLAN, _SERVICE = "plan:", "service:"
_REFUSED = 422
_MARKS = {
    "recommended": marked("our suggestion"),
    "cheapest": marked("cheapest"),
    "fastest": marked("fastest"),
    "fewest": marked("fewest parcels"),
}


class DeliveryForm(Struct, frozen=True):
    """The way that is chosen, and the total that the shopper saw."""

    choice: str = ""
    seen: int | None = None


class Way(Struct, frozen=True, kw_only=True):
    """A way of delivery as a card: what it is called, when it comes, for how much, and how that came to be."""

    choice: str
    name: str
    when: str
    price_minor: int
    is_chosen: bool
    marks: tuple[str, ...] = ()
    tracks: tuple[Track, ...] = ()
    services: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


async def delivery(visit: Visit) -> Shown | Moved:
    """The ways there are."""
    return await _ways(visit, {}, 200)


async def choose(visit: Visit) -> Shown | Moved:
    """Keep the way that is chosen, and go on."""
    checkout = await found(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return not_open(visit, checkout)
    choice: str = visit.form.choice
    if choice not in {way.choice for way in ways(checkout, visit.language, visit)}:
        return await _ways(visit, {"delivery": visit.language("Please choose one of these.")}, _REFUSED)
    after = await changed(visit, checkout, _wished(choice))
    if wrong := wrong_on(DELIVERY, after, visit.language):
        return await _ways(visit, wrong, _REFUSED)
    said = differences(checkout, after, visit.form.seen, visit.language)
    return Moved(PAYMENT, hinted(said) if said else ())


async def choose_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """The ways, with why the choice could not be kept."""
    return await _ways(visit, {"": refusal(error, visit.language)}, error.status)


def ways(checkout: Checkout, language: Language, visit: Visit) -> list[Way]:
    """Every way of delivery, as the plan ranks them; the services where there are no plans."""
    if not checkout.plans:
        return [_service(checkout, option, language) for option in checkout.options]
    scale = scale_for(checkout, visit)
    return [_plan(checkout, plan, scale, visit) for plan in checkout.plans]


def scale_for(checkout: Checkout, visit: Visit) -> Scale:
    """The scale of days on which all ways of a checkout can be compared."""
    return scale_of(checkout.plans, visit.language.local(visit.now).date())


def columns_for(checkout: Checkout, visit: Visit) -> list[Column]:
    """The days above the parcels."""
    return scale_for(checkout, visit).columns(visit.language) if checkout.plans else []


def count_in_words(count: int, language: Language) -> str:
    """How often the doorbell rings."""
    return language.plural("{count} delivery", "{count} deliveries", count)


async def _ways(visit: Visit, wrong: dict[str, str], status: int) -> Shown | Moved:
    checkout = await looked_at(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return not_open(visit, checkout)
    if gap := first_gap(checkout, DELIVERY):
        return Moved(gap)
    fill = {
        "here": DELIVERY,
        "steps": steps(DELIVERY, visit),
        "wrong": wrong,
        "others": others(checkout, visit.language),
        "ways": ways(checkout, visit.language, visit),
        "columns": columns_for(checkout, visit),
    }
    return page(visit, "delivery", checkout, fill, status)


def _wished(choice: str) -> dict[str, object]:
    if choice.startswith(_PLAN):
        return {"delivery": choice.removeprefix(_PLAN), "service": None, "deliveries_max": None}
    return {"delivery": None, "service": choice.removeprefix(_SERVICE)}


def _plan(checkout: Checkout, plan: DeliveryPlan, scale: Scale, visit: Visit) -> Way:
    language, names = visit.language, names_of(checkout)
    until = day_in_words(plan.arrives_until, language)
    when = language("Everything by {day}", day=until)
    in_force = visit.given.plans.in_force
    called = {service.id: service.name for service in in_force.shipping.services}
    drawn = tracks(plan.parcels, scale, names, language)
    return Way(
        choice=f"{_PLAN}{plan.id}",
        name=count_in_words(plan.deliveries, language),
        when=when,
        price_minor=plan.price_minor,
        is_chosen=_is_chosen(checkout, plan),
        marks=tuple(language(_MARKS[mark]) for mark in plan.marks if mark in _MARKS),
        tracks=tuple(drawn),
        services=tuple(called.get(one.parcel.service, one.parcel.service) for one in drawn),
        why=tuple(map(language.sentence, (*plan.why, *(said for parcel in plan.parcels for said in parcel.why)))),
    )


def _is_chosen(checkout: Checkout, plan: DeliveryPlan) -> bool:
    """Whether a plan is marked when the page is opened: the one that holds, else the store's suggestion."""
    if checkout.chosen:
        return plan.id == checkout.chosen.id
    suggested = next((one for one in checkout.plans if "recommended" in one.marks), checkout.plans[0])
    return plan.id == suggested.id


def _service(checkout: Checkout, option: DeliveryOption, language: Language) -> Way:
    wished = checkout.wishes.service or checkout.options[0].service
    days = option.transit_days
    return Way(
        choice=f"{_SERVICE}{option.service}",
        name=option.name,
        when=language.plural("about {count} working day", "about {count} working days", days),
        price_minor=option.price_minor,
        is_chosen=option.service == wished,
        why=(language.sentence(option.why),),
    )
