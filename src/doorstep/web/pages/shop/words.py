"""What a shop says in words: that something cannot be done, how many there are, what a change came to."""

from collections.abc import Iterable, Mapping

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.market import PLENTY
from doorstep.kernel.errors import DoorstepError
from doorstep.web.labels import marked
from doorstep.web.language import Language

FEW = 5
"""From how many on it is not said any more how many there are."""

_OVER = marked("This is not asked any more. Please look at the page as it is now.")
_REFUSALS: Mapping[str, str] = {
    "already_completed": marked("This is ordered already."),
    "busy": marked("Many people are shopping at this moment. Please try again in a few seconds."),
    "checkout_changed": marked("This was changed in another window meanwhile. Please look at it again."),
    "checkout_closed": marked("This is ordered already and cannot be changed here any more."),
    "checkout_expired": marked("Your cart has expired. Nothing was charged."),
    "checkout_not_ready": marked("Something is still missing. Please look at what is marked."),
    "key_reused": marked("This form was sent before with something else in it. Please look at it again."),
    "link_revoked": marked("This link does not work any more: its checkout has ended."),
    "no_such_option": marked("Please choose one of these."),
    "no_such_question": _OVER,
    "order_lapsed": marked("The time to pay this order has passed. Nothing was charged; please start again."),
    "question_answered": marked("This was answered already."),
    "question_defaulted": marked("The time to choose has passed."),
    "question_expired": marked("The time to choose has passed."),
    "question_superseded": _OVER,
    "question_withdrawn": _OVER,
    "total_changed": marked("The total has changed. Please look at it again before you order."),
}
_REASONS: Mapping[str, str] = {
    "challenge failed": marked("the bank did not get your consent"),
    "declined": marked("the bank said no"),
    "insufficient_funds": marked("there was not enough money"),
    "not completed by the buyer in time": marked("your bank waited for you in vain"),
}


def refusal(error: DoorstepError, language: Language) -> str:
    """Why something cannot be done, for a shopper."""
    return language(_REFUSALS[error.code]) if error.code in _REFUSALS else error.message


def declined(reason: str | None, language: Language) -> str:
    """Why a payment was declined."""
    known = _REASONS.get(reason or "declined")
    said = language(known) if known else reason
    return language("Your payment was declined: {reason}. Nothing was charged.", reason=said)


def availability(count: int, language: Language) -> tuple[str, str]:
    """How many there are, in words, and the tone of it."""
    if count <= 0:
        return language("not available now"), ""
    if count <= FEW and count < PLENTY:
        return language.plural("only {count} left", "only {count} left", count), "warn"
    return language("in stock"), "good"


def differences(before: Checkout, after: Checkout, seen: int | None, language: Language) -> str:
    """What a step changed about the price, in sentences; nothing when it changed nothing."""
    said = list(_changes(before, after, language))
    shown = before.totals.total if seen is None else seen
    if shown == after.totals.total:
        return " ".join(said)
    total = language.money(after.totals.total, after.currency)
    was = language.money(shown, after.currency)
    return " ".join([*said, language("The total is {total}; it was {was}.", total=total, was=was)])


def _changes(before: Checkout, after: Checkout, language: Language) -> Iterable[str]:
    def money(minor: int) -> str:
        return language.money(minor, after.currency)

    old, new = before.totals, after.totals
    if old.subtotal != new.subtotal and before.wishes.lines == after.wishes.lines:
        yield language("The goods come to {now} instead of {was}.", now=money(new.subtotal), was=money(old.subtotal))
    if old.discount != new.discount:
        yield language("The discount is {now}.", now=money(new.discount))
    if old.delivery != new.delivery:
        yield language("Delivery costs {now}.", now=money(new.delivery))
    if old.tax_added != new.tax_added:
        yield language("The tax is {now}.", now=money(new.tax_added))
