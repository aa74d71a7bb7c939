"""The last step of the checkout: how it is paid, everything once more, and the button."""

from collections.abc import Mapping

from msgspec import Struct

from doorstep.journey.addresses.lines import formatted
from doorstep.journey.order import Address
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState, Complete
from doorstep.journey.placement.model.paying import methods_for
from doorstep.journey.placement.model.pricing import country_of
from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from doorstep.kernel.ids import new_secret
from doorstep.plan.records import PaymentMethod
from doorstep.web.labels import marked
from doorstep.web.pages.page import Moved, Shown, Visit
from doorstep.web.pages.shop.delivery import columns_for, count_in_words, scale_for
from doorstep.web.pages.shop.gaps import first_gap, others, wrong_on
from doorstep.web.pages.shop.kept import PAYMENT, WAITING, Stand, changed, found, stand
from doorstep.web.pages.shop.lines import names_of
from doorstep.web.pages.shop.shown import page, steps
from doorstep.web.pages.shop.talk import looked_at
from doorstep.web.pages.shop.timeline import Track, tracks
from doorstep.web.pages.shop.who import not_open
from doorstep.web.pages.shop.words import declined, refusal
from doorstep.web.security import is_name

SANDBOX = "sandbox"
_TURNS: Mapping[str, str] = {
    "approve": marked("The bank says yes"),
    "decline": marked("The bank says no"),
    "decline:insufficient_funds": marked("There is not enough money"),
    "challenge": marked("The bank wants to see you first"),
    "late": marked("The bank takes its time"),
    "timeout": marked("The bank's answer gets lost on the way"),
}
_OPEN = (Stand.OPEN, Stand.DECLINED)
_KEY_CHARS_MIN = 16


class PayForm(Struct, frozen=True):
    """The method, what stands for the means of payment, the total that was agreed to, and the form's own key."""

    method: str = ""
    token: str = ""
    total: int = -1
    once: str = ""


async def payment(visit: Visit) -> Shown | Moved:
    """How it can be paid, and everything once more."""
    return await _payment(visit, {}, 200)


async def pay(visit: Visit) -> Shown | Moved:
    """Place the order and have it paid, once however often the button is pressed."""
    checkout, form = await found(visit), visit.form
    at = stand(checkout, visit)
    if checkout is None or at not in (*_OPEN, Stand.PAYING, Stand.DONE):
        return not_open(visit, checkout)
    if at is Stand.OPEN and (gap := first_gap(checkout, PAYMENT)):
        return Moved(gap)
    if not any(form.method == one.id for one in methods(checkout, visit)):
        said = visit.language("Please choose how you want to pay.")
        return await _payment(visit, {"method": said}, Refused.status)
    if not is_name(form.once) or len(form.once) < _KEY_CHARS_MIN:
        raise Conflict("checkout_changed", "This form has no key of its own.")
    if at is Stand.OPEN and checkout.wishes.method != form.method:
        await _with_method(visit, checkout)
    await visit.given.lanes.complete.ask(
        Complete(checkout.id, visit.now, form.once, form.total, form.token[:500], form.method)
    )
    return Moved(f"{WAITING}?go=on")


async def pay_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """Everything once more as it is now, with why the order was not placed."""
    if error.code == "already_completed":
        return Moved(WAITING)
    return await _payment(visit, {"": refusal(error, visit.language)}, error.status)


def methods(checkout: Checkout, visit: Visit) -> list[PaymentMethod]:
    """The ways to pay that can be chosen."""
    plan = visit.given.plans.in_force
    offered = {one.id for one in methods_for(country_of(checkout), checkout.totals.total, plan)}
    return [one for one in plan.payment.methods if one.id in offered]


async def _with_method(visit: Visit, checkout: Checkout) -> None:
    """Keep the method. When the button is pressed twice the order may be placed by then; the key decides about that."""
    try:
        await changed(visit, checkout, {"method": visit.form.method})
    except Conflict as error:
        if error.code != "checkout_closed":
            raise


async def _payment(visit: Visit, wrong: dict[str, str], status: int) -> Shown | Moved:
    checkout = await looked_at(visit)
    at = stand(checkout, visit)
    if checkout is None or at not in _OPEN:
        return not_open(visit, checkout)
    if at is Stand.OPEN and (gap := first_gap(checkout, PAYMENT)):
        return Moved(gap)
    usable, wishes = methods(checkout, visit), checkout.wishes
    is_asked = wishes.method is not None or bool(wrong)
    fill = {
        "here": PAYMENT,
        "steps": steps(PAYMENT, visit) if at is Stand.OPEN else [],
        "wrong": wrong or (wrong_on(PAYMENT, checkout, visit.language) if is_asked else {}),
        "others": others(checkout, visit.language),
        "methods": usable,
        "method": wishes.method or (usable[0].id if usable else ""),
        "sandbox": SANDBOX,
        "turns": [(token, visit.language(text)) for token, text in _TURNS.items()],
        "once": new_secret(),
        "declined": await _declined(visit, checkout),
        "can_be_paid": _can_be_paid(checkout),
        **reviewed(checkout, visit),
    }
    return page(visit, "payment", checkout, fill, status)


def reviewed(checkout: Checkout, visit: Visit) -> dict[str, object]:
    """Where it goes and in which parcels, for whoever looks at everything once more."""
    chosen, wishes = checkout.chosen, checkout.wishes
    drawn: list[Track] = []
    if chosen:
        drawn = tracks(chosen.parcels, scale_for(checkout, visit), names_of(checkout), visit.language)
    service = next((one for one in checkout.options if one.service == wishes.service), None)
    return {
        "to": _written(wishes.address, visit),
        "bill": _written(wishes.billing_address, visit),
        "tracks": drawn,
        "columns": columns_for(checkout, visit),
        "deliveries": count_in_words(chosen.deliveries, visit.language) if chosen else "",
        "service": service,
    }


def _written(address: Address | None, visit: Visit) -> list[str]:
    """An address in the lines in which its country writes it, the country in the language that is spoken here."""
    if address is None:
        return []
    return [*formatted(address)[:-1], visit.language.country(address.country)]


def _can_be_paid(checkout: Checkout) -> bool:
    """Whether nothing is in the way but the method, which this page asks for."""
    return checkout.state is CheckoutState.READY or all(one.path == "method" for one in checkout.problems)


async def _declined(visit: Visit, checkout: Checkout) -> str:
    if not checkout.order_id:
        return ""
    async with visit.given.database.read() as tx:
        step = await visit.given.overview.payment(tx, checkout.order_id)
    return declined(step.reason, visit.language) if step.state == "declined" else ""
