"""The conversation with the shopper of a checkout, in the table of endpoints: answers and links."""

from datetime import UTC, datetime

from msgspec.structs import replace

from doorstep.journey.placement.model.checkout import CheckoutState
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.web.api import examples as x
from doorstep.web.api import talk
from doorstep.web.api.checkout_views import LineView, TotalsView
from doorstep.web.api.desk_table import KEY
from doorstep.web.endpoint import AnyEndpoint, Endpoint

_NO_CHECKOUT = Missing("no_such_checkout", f"There is no checkout {x.CHECKOUT_ID}.")
_EXPIRED = Refused("checkout_expired", "This checkout has expired. Please start again; nothing was charged.")
_TOKEN = "01HE8P6S3MZ0V4Q1R7T9W2X5YB.691b4c28.q0Zb3nG5v1Yx8u2JkR7wTg"  # noqa: S105 - an example
_UNTIL = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
_CHOSEN = replace(
    x.READY,
    version=4,
    state=CheckoutState.READY,
    lines=(LineView("MUG-2", 2, "Large mug", 1200, 2400, 400),),
    totals=TotalsView(2400, 500, 0, 483, 2900),
)


def _conflicts() -> tuple[DoorstepError, ...]:
    again = "Read the checkout and decide again."
    return (
        Conflict("question_answered", f"This question was answered already. {again}"),
        Conflict(
            "question_defaulted", f"The time to answer this question has passed, and its default was taken. {again}"
        ),
        Conflict("question_expired", "The time to answer this question has passed."),
        Conflict("question_withdrawn", f"This question is not asked any more. {again}"),
        Conflict("question_superseded", f"Another question is asked in place of this one. {again}"),
        Conflict("answered_elsewhere", "This is answered where the payment is approved: see its address."),
        Conflict("key_reused", "This Idempotency-Key was used with another body before."),
    )


TALK: tuple[AnyEndpoint, ...] = (
    Endpoint(
        method="POST",
        path="/api/v1/checkouts/{name}/answers",
        run=talk.answer,
        title="Answer a question",
        says="`questions` of the checkout say what is asked, by when, and what happens otherwise. The answer is taken "
        "once, and the whole checkout is told as it then is: the goods of a chosen alternative stay kept, those of the "
        "others are free again. The same key and body again tell the checkout again.",
        body=talk.CheckoutAnswer,
        example_body=talk.CheckoutAnswer("choose_alternative-1", "substitute:MUG-2"),
        example=_CHOSEN,
        version=lambda view: view.version,
        parameters=(KEY,),
        errors=(
            _NO_CHECKOUT,
            Missing("no_such_question", "There is no question choose_alternative-9."),
            *_conflicts(),
            Refused("no_such_option", "Choose one of substitute:MUG-2, wait.", {"choice": "not an option"}),
            Refused("value_missing", "Give a value.", {"value": "missing"}),
            _EXPIRED,
        ),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/checkouts/{name}/links",
        run=talk.link,
        title="Make a link to a checkout",
        says="It opens the same checkout in another browser for 24 hours, at most until the checkout ends, and not "
        "when the order is paid for. Other than the id it may be sent to the shopper.",
        example=talk.LinkView(_TOKEN, f"https://shop.example/checkout/resume/{_TOKEN}", _UNTIL),
        status=201,
        errors=(
            _NO_CHECKOUT,
            Conflict("checkout_closed", "This checkout is completed and cannot be opened elsewhere."),
        ),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/checkouts/by-link/{name}",
        run=talk.by_link,
        title="Open a checkout by a link",
        says="The checkout as reading it by its id tells it; go on with its id.",
        example=x.READY,
        errors=(
            Missing("link_unknown", "This link opens no checkout. Please check that it was copied in full."),
            Missing("link_expired", "This link to the checkout has expired."),
            Missing("link_revoked", "This link does not work any more: its checkout has ended."),
        ),
    ),
)
