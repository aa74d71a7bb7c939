"""What the shopper of an open checkout is asked: what cannot be had, another total. Drawn, and answered."""

from collections.abc import Iterable

from msgspec import Struct

from doorstep.access.model.checkout_link import CHECKOUT_LINKS, read_link
from doorstep.journey.asking import QuestionKind
from doorstep.journey.placement.flow.conversation import Look
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.questions import Answer, Question, questions_of
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import new_secret
from doorstep.storage.gate import Priority
from doorstep.web.language import Language
from doorstep.web.pages.page import Moved, Visit, done, warned
from doorstep.web.pages.shop.kept import CART, CHECKOUT, DELIVERY, PAYMENT, Stand, found, stand
from doorstep.web.pages.shop.words import differences, refusal
from doorstep.web.security import is_name

_ASKED = (QuestionKind.CHOOSE_ALTERNATIVE, QuestionKind.CONFIRM_TOTAL)
_BACK = (CART, CHECKOUT, DELIVERY, PAYMENT)


class AnswerForm(Struct, frozen=True):
    """A question, what is chosen, the form's own key, and the page to go back to."""

    question: str = ""
    choice: str = ""
    once: str = ""
    back: str = ""


class Choice(Struct, frozen=True):
    """One thing that can be chosen, in words: what it is, what the order then comes to, until when it is kept."""

    id: str
    label: str
    total_minor: int | None
    kept_until: str


class Card(Struct, frozen=True, kw_only=True):
    """A question as it is drawn: by when it is to be answered and what happens otherwise, in words."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    default: str
    until: str
    left: str
    once: str


def cards(checkout: Checkout, visit: Visit) -> list[Card]:
    """The open questions that no field of a page asks."""
    asked = (one for one in questions_of(checkout) if one.kind in _ASKED)
    return [_card(one, visit) for one in asked]


async def looked_at(visit: Visit) -> Checkout | None:
    """The checkout of this browser as it is at this moment: what cannot be had any more is found now."""
    checkout = await found(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return checkout
    return await visit.given.lanes.hear.ask(Look(checkout.id, visit.now))


async def answer(visit: Visit) -> Moved:
    """Take an answer."""
    form, checkout = visit.form, await found(visit)
    back = form.back if form.back in _BACK else CHECKOUT
    if checkout is None:
        return Moved(back)
    key = form.once if is_name(form.once) else new_secret()
    after = await visit.given.lanes.hear.ask(
        Answer(checkout.id, visit.now, key, form.question[:100], form.choice[:200])
    )
    said = differences(checkout, after, None, visit.language)
    return Moved(back, done(" ".join([visit.language("Thank you, that is done."), said]).strip()))


async def answer_again(visit: Visit, error: DoorstepError) -> Moved:
    """Back to the page, which shows what is asked by now, with why the answer was not taken."""
    back = visit.form.back if visit.form and visit.form.back in _BACK else CHECKOUT
    return Moved(back, warned(refusal(error, visit.language)))


async def resume(visit: Visit) -> Moved:
    """Go on in this browser with the checkout that a link opens."""
    async with visit.given.database.begin(Priority.REQUEST) as tx:
        secret = await visit.given.people.access.secret_of(tx, CHECKOUT_LINKS)
        checkout = await visit.given.placement.of_order(tx, read_link(secret, visit.name, visit.now))
    return Moved(CHECKOUT, cart=checkout.id if checkout else None)


def _card(one: Question, visit: Visit) -> Card:
    language = visit.language
    by_id = {option.id: language.sentence(option.label) for option in one.options}
    return Card(
        id=one.id,
        text=language.sentence(one.message),
        choices=tuple(_choices(one, visit)),
        default=by_id.get(one.default, ""),
        until=language.short(one.deadline, visit.now) if one.deadline else "",
        left=language.span((one.deadline - visit.now).total_seconds()) if one.deadline else "",
        once=new_secret(),
    )


def _choices(one: Question, visit: Visit) -> Iterable[Choice]:
    language: Language = visit.language
    for option in one.options:
        until = language.short(option.held_until, visit.now) if option.held_until else ""
        yield Choice(option.id, language.sentence(option.label), option.price_minor, until)
