"""Which of several requests to complete checkouts are carried out, and what the others are answered. Pure."""

from collections.abc import Sequence

from doorstep.journey.placement.model import placing
from doorstep.journey.placement.model.checkout import Checkout, Complete, clash, is_misused_key, is_repeat, refusal
from doorstep.kernel.errors import Conflict, DoorstepError, Missing
from doorstep.kernel.ids import CheckoutId
from doorstep.plan.records import Plan


def choose(
    checkouts: dict[CheckoutId, Checkout], requests: Sequence[Complete]
) -> tuple[list[Complete], dict[Complete, DoorstepError]]:
    """Which requests are to be carried out, and which are refused; repeats of earlier ones are neither."""
    chosen: dict[CheckoutId, Complete] = {}
    refused: dict[Complete, DoorstepError] = {}
    for request in requests:
        checkout = checkouts.get(request.id)
        if checkout is None:
            refused[request] = Missing("no_such_checkout", f"There is no checkout {request.id}.")
        elif is_misused_key(checkout, request):
            refused[request] = Conflict("key_reused", "This Idempotency-Key was used with another body before.")
        elif is_repeat(checkout, request):
            continue
        elif error := refusal(checkout, request):
            refused[request] = error
        elif earlier := chosen.get(request.id):
            if error := clash(earlier, request):
                refused[request] = error
        else:
            chosen[request.id] = request
    return list(chosen.values()), refused


def paid(
    chosen: list[Complete],
    refused: dict[Complete, DoorstepError],
    checkouts: dict[CheckoutId, Checkout],
    plan: Plan,
) -> tuple[list[Complete], dict[Complete, DoorstepError]]:
    """Those that name a way to pay have it from here on, unless it cannot be chosen."""
    able = []
    for request in chosen:
        try:
            checkouts[request.id] = placing.paid_by(checkouts[request.id], request, plan)
            able.append(request)
        except DoorstepError as error:
            refused[request] = error
    return able, refused


def answer_of(
    request: Complete, leads: dict[CheckoutId, Complete], refused: dict[Complete, DoorstepError]
) -> DoorstepError | None:
    """Why a request was refused: for reasons of its own, or because the one that it repeats was."""
    lead = leads.get(request.id)
    return refused.get(request) or (refused.get(lead) if lead else None)
