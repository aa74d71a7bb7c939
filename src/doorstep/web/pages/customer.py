"""What a customer sees of their own order by the link that they were given, and the question that they may answer."""

from typing import Any

from msgspec import Struct

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.access.model.audit import Change, entry
from doorstep.access.model.order_link import SECRET_NAME, read_link
from doorstep.journey.care.model import Answer, QuestionState
from doorstep.journey.overview.story import Story
from doorstep.kernel.errors import DoorstepError, NotAllowed
from doorstep.kernel.ids import OrderId
from doorstep.storage.gate import Priority
from doorstep.web.labels import marked
from doorstep.web.language import Language
from doorstep.web.pages.order_parts import address_of
from doorstep.web.pages.page import Moved, Shown, Visit, done
from doorstep.web.pages.timeline import units_of

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


_CHOICES = {"refund": marked("Give me my money back"), "wait": marked("Wait until the parcel is found")}
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
    order_id, at = await _order_of(visit), visit.now
    wish = Answer(order_id, visit.form.question_id, at, visit.form.choice)
    customer = Actor(ActorKind.CUSTOMER, order_id, "the customer")
    async with visit.given.database.begin(Priority.REQUEST) as tx:
        (said,) = await visit.given.care.answer(tx, [wish])
        if isinstance(said, DoorstepError):
            raise said
        told = entry(customer, "question.answer", ("order", order_id), at, Change(after=visit.form.choice))
        await visit.given.people.access.record(tx, [told])
    return Moved(visit.path.removesuffix("/answer"), done(visit.language("Thank you. We will do as you wish.")))


async def _order_of(visit: Visit) -> OrderId:
    async with visit.given.database.read() as tx:
        secret = await visit.given.people.access.secret_of(tx, SECRET_NAME)
    return read_link(secret, visit.name, visit.now)


async def _page(visit: Visit, more: dict[str, Any]) -> Shown:
    order_id = await _order_of(visit)
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
        "choices": {option: say(text) for option, text in _CHOICES.items()},
        "defaults": {option: say(text) for option, text in _DEFAULTS.items()},
        "address": address_of(order),
        "money": _money(story, say),
        "support": records.plan.store.support_email,
        "wrong": "",
    }
    return Shown("customer.html", {**fill, **more})


def _money(story: Story, say: Language) -> list[tuple[str, int]]:
    order, balance = story.order, story.standing.balance
    lines = [(say("Delivery"), order.delivery_minor), (say("Total"), order.total_minor)]
    return [*lines, *([(say("Refunded"), balance.refunded)] if balance.refunded else [])]
