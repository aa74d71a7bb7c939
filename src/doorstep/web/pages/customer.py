"""What a customer sees of their own order by the link that they were given, and the question that they may answer."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from doorstep.access.model.audit import Change, entry
from doorstep.desk.crew import Crew
from doorstep.journey.asking import QuestionState
from doorstep.journey.care.model import CHOICES, Answer
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.facts import Fact, PaymentActionRequired
from doorstep.journey.order import Counts, Order, OrderLine
from doorstep.journey.overview.story import Records, Story
from doorstep.journey.placement.model.amending.deciding import worth
from doorstep.journey.returns.model import CancelRequest
from doorstep.journey.standing import Standing, changeable_until, is_changeable
from doorstep.kernel.errors import Conflict, DoorstepError, NotAllowed
from doorstep.kernel.ids import child, new_id
from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx
from doorstep.web.labels import marked
from doorstep.web.language import Language
from doorstep.web.pages.links import customer_of, order_of
from doorstep.web.pages.order_parts import address_of, carried
from doorstep.web.pages.page import Moved, Shown, Visit, done
from doorstep.web.pages.timeline import units_of
from doorstep.web.pages.wrongs import changed_wrong

_SENTENCES = {
    "paying": marked("We are waiting for your payment."),
    "buyer_action": marked("Please confirm the payment with your bank."),
    "declined": marked("Your payment was declined."),
    "accepting": marked("We have your order and are checking it."),
    "held": marked("We have your order and are checking it."),
    "confirmed": marked("Your order is confirmed."),
    "picking": marked("Your order is being collected."),
    "packing": marked("Your order is being packed."),
    "shipping": marked("Your parcel waits for the courier."),
    "underway": marked("Your order is on its way."),
    "returning": marked("Your return is on its way to us."),
    "trouble": marked("Something went wrong; we are taking care of it."),
    "delivered": marked("Your order was delivered."),
    "returned": marked("Your return is complete."),
    "lost": marked("Your order was lost on its way."),
    "canceled": marked("Your order was canceled."),
    "lapsed": marked("Your order was not paid in time."),
    "rejected": marked("We could not accept your order."),
}


_CANCELED = "canceled by the customer"
_IS_CANCELED = marked("The order is canceled. What you paid for it is given back.")
_DEFAULTS = {"refund": marked("you get your money back"), "wait": marked("we wait until the parcel is found")}


class AnswerForm(Struct, frozen=True):
    """The customer's choice."""

    question_id: str
    choice: str


async def show(visit: Visit) -> Shown:
    """The order, as far as it is the customer's affair."""
    return await _page(visit, {})


async def show_again(visit: Visit, error: DoorstepError) -> Shown:
    """The order, with why an answer was not taken."""
    return await _page(visit, {"wrong": error.message})


async def answer(visit: Visit) -> Moved:
    """Take the customer's answer."""
    order_id, at = await order_of(visit), visit.now
    wish = Answer(order_id, visit.form.question_id, at, visit.form.choice)
    async with visit.given.database.begin(Priority.REQUEST) as tx:
        (said,) = await visit.given.care.answer(tx, [wish])
        if isinstance(said, DoorstepError):
            raise said
        told = entry(customer_of(order_id), "question.answer", ("order", order_id), at, Change(after=visit.form.choice))
        await visit.given.people.access.record(tx, [told])
    return Moved(visit.path.removesuffix("/answer"), done(visit.language("Thank you. We will do as you wish.")))


async def _page(visit: Visit, more: dict[str, Any]) -> Shown:
    order_id = await order_of(visit)
    async with visit.given.database.read() as tx:
        story = await visit.given.overview.story(tx, order_id)
        records = await visit.given.overview.records(tx, story)
    if order_id != story.order.id:
        raise NotAllowed("link_unknown", "This link opens no order.")
    order, say = story.order, visit.language
    shipments = {one.parcel_id: one for one in records.shipments}
    parcels = [
        {
            "state": parcel.progress,
            "units": units_of(parcel.units, order, say),
            "tracking": shipments[key].tracking_number if key in shipments else "",
            "delivered_at_ms": parcel.delivered_at_ms,
        }
        for key, parcel in story.standing.units.parcels.items()
    ]
    fill = {
        "order": order,
        "sentence": say(_SENTENCES[story.standing.stage.value]),
        "stage": story.standing.stage.value,
        "parcels": parcels,
        "questions": [one for one in records.questions if one.state is QuestionState.ASKED],
        "choices": {option: say.sentence(text) for option, text in CHOICES.items()},
        "defaults": {option: say(text) for option, text in _DEFAULTS.items()},
        "address": address_of(order),
        "lines": list(_lines(story)),
        "changeable": is_changeable(story.standing, visit.now) and not story.standing.change,
        "changeable_until": changeable_until(story.standing),
        "waiting": _waiting(story, records),
        "once": new_id("once"),
        "money": _money(story, say),
        "support": records.plan.store.support_email,
        "wrong": "",
    }
    return Shown("customer.html", {**fill, **more})


async def cancel(visit: Visit) -> Moved:
    """Cancel the whole order, as long as it is not given to the warehouse."""
    order_id, say, crew = await order_of(visit), visit.language, visit.given.desk.crew
    async with visit.given.database.begin(Priority.REQUEST) as tx:
        page, orders = await crew.ledger.open(tx, [order_id]), await crew.ledger.orders(tx, [order_id])
        standing, order = page[order_id], orders[order_id]
        if not is_changeable(standing, visit.now):
            raise Conflict("being_packed", "This order cannot be canceled any more.")
        said = await _cancel(crew, tx, (order, standing), visit)
        if isinstance(said, DoorstepError):
            raise said
        told = entry(customer_of(order_id), "order.cancel", ("order", order_id), visit.now, Change(_CANCELED))
        await visit.given.people.access.record(tx, [told])
    return Moved(visit.path.removesuffix("/cancel"), done(say(_IS_CANCELED)))


async def cancel_again(visit: Visit, error: DoorstepError) -> Shown:
    """The order, with why it was not canceled."""
    return await _page(visit, {"wrong": changed_wrong(error, visit.language)})


async def _cancel(crew: Crew, tx: Tx, found: tuple[Order, Standing], visit: Visit) -> Fact | DoorstepError:
    order, standing = found
    if not standing.confirmed:
        decision = HoldDecision(order.id, visit.now, "the customer", accept=False, reason=_CANCELED)
        return (await crew.stages.confirmation.decide(tx, [decision]))[0]
    request_id = child("can", order.id, new_id("x").partition("_")[2])
    request = CancelRequest(order.id, request_id, standing.units.kept(), visit.now, _CANCELED)
    return (await crew.stages.returns.cancel(tx, [request]))[0]


def _kept(story: Story) -> Counts:
    """What is still to be had; of an order of which nothing is left, all that was ordered."""
    return story.standing.units.kept() or story.order.all_units


def _lines(story: Story) -> Iterable[tuple[OrderLine, int, int]]:
    """What is still to be had and what it costs: before discounts while all of it is, for they are shown apart then."""
    order, kept = story.order, _kept(story)
    for position, count in kept:
        line = order.line(position)
        whole = line.total_minor + line.discount_minor
        yield line, count, whole if kept == order.all_units else line.value(0, count)


def _waiting(story: Story, records: Records) -> dict[str, object] | None:
    """The change that waits for its payment, and where the customer confirms that if they must."""
    change = next((one for one in records.changes if one.id == story.standing.change), None)
    if change is None:
        return None
    facts = [fact for fact in story.facts if isinstance(fact, PaymentActionRequired)]
    urls = [fact.action_url for fact in facts if fact.payment_id == change.payment_id]
    return {"amount": change.money.pay_minor, "until": change.until, "url": urls[-1] if urls else ""}


def _money(story: Story, say: Language) -> list[tuple[str, int]]:
    order, balance = story.order, story.standing.balance
    whole = _kept(story) == order.all_units
    added = carried(order, say) if whole else [(say("Delivery"), order.delivery_minor)]
    lines = [*added, (say("Total"), worth(order, _kept(story)))]
    return [*lines, *([(say("Refunded"), balance.refunded)] if balance.refunded else [])]
