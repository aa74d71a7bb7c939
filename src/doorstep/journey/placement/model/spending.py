"""Which completions can have their codes when many want the last uses of them. Pure."""

from collections.abc import Sequence

from doorstep.journey.codes.model import EVERYBODY, Counter, Counts, Use, code_key
from doorstep.journey.placement.model.checkout import Checkout, Complete
from doorstep.journey.placement.model.discounting import customer_of, day, out_of_time, rule_of, used_up
from doorstep.kernel.errors import Conflict
from doorstep.kernel.ids import order_of
from doorstep.plan.records import Plan

LOST = "code_used_up"
Wanting = tuple[Complete, Checkout]
"""A request, and the checkout that it is about, which has codes."""


def uses_of(checkout: Checkout) -> list[Use]:
    """What an order of this checkout counts as."""
    customer = customer_of(checkout.wishes)
    return [Use(order_of(checkout.id), code_key(one.code), customer) for one in checkout.discounts]


def lost_codes(wanting: Sequence[Wanting], counts: Counts, plan: Plan) -> dict[Complete, str]:
    """The requests that cannot have a code any more, each with that code; the others come in turn."""
    running: dict[Counter, int] = dict(counts)
    lost: dict[Complete, str] = {}
    for request, checkout in wanting:
        if code := _lost(request, checkout, running, plan):
            lost[request] = code
            continue
        for use in uses_of(checkout):
            for counter in {(use.code, EVERYBODY), (use.code, use.customer)}:
                running[counter] = running.get(counter, 0) + 1
    return lost


def code_lost(checkout: Checkout, code: str) -> Conflict:
    """The refusal, with where the code stands."""
    place = next((place for place, said in enumerate(checkout.wishes.codes) if code_key(said) == code_key(code)), 0)
    said = f"The code {code} cannot be had any more. Nothing was charged; look at what it comes to without it."
    return Conflict(LOST, said, {f"codes[{place}]": code})


def _lost(request: Complete, checkout: Checkout, counts: Counts, plan: Plan) -> str:
    customer, today = customer_of(checkout.wishes), day(plan, request.at)
    for one in checkout.discounts:
        rule = rule_of(plan, one.code)
        if rule is None or out_of_time(rule, today) or used_up(rule, customer, counts):
            return one.code
    return ""
