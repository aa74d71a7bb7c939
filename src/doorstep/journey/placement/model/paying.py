"""How a checkout is paid: which methods can be chosen. Pure."""

from collections.abc import Iterable

from doorstep.journey.placement.model.problems import Problem, Severity
from doorstep.kernel.phrase import phrase
from doorstep.plan.records import Plan


def method_problems(method_id: str | None, country: str, plan: Plan) -> Iterable[Problem]:
    usable = [m.id for m in plan.payment.methods if not m.countries or not country or country in m.countries]
    if method_id is None:
        yield Problem("field_missing", "method", Severity.BUYER_INPUT, phrase("A payment method is to be chosen."))
    elif method_id not in usable:
        known = ", ".join(usable) or "none for this country"
        yield Problem("unknown_method", "method", Severity.BUYER_INPUT, phrase("Choose one of: {known}.", known=known))
