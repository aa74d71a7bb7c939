"""How a checkout can be paid: by which methods, in which currency. Pure."""

from collections.abc import Iterable, Sequence

from doorstep.journey.placement.model.priced import PayingOption
from doorstep.journey.placement.model.problems import Option, Problem, Severity
from doorstep.kernel.money import Money
from doorstep.kernel.phrase import phrase
from doorstep.plan.records import PaymentMethod, Plan


def methods_for(country: str, total: int, plan: Plan) -> tuple[PayingOption, ...]:
    """The methods that can be chosen for a total to a country, in the plan's order; to any while it is not known."""
    return tuple(
        PayingOption(one.id, one.name)
        for one in plan.payment.methods
        if _is_offered(one, country, plan.store.currency) and _is_within(one, total)
    )


def method_problems(chosen: str | None, methods: Sequence[PayingOption], total: Money, plan: Plan) -> Iterable[Problem]:
    """That no method is chosen, or one that cannot be: with those that can."""
    if chosen in {one.id for one in methods}:
        return
    options = tuple(Option(one.id, phrase("{name}", name=one.name)) for one in methods)
    known = plan.method(chosen) if chosen else None
    if not options:
        said = phrase("There is no way to pay {total} for a delivery to this country.", total=total)
        yield Problem("no_method", "method", Severity.BUYER_INPUT, said)
    elif chosen is None:
        said = phrase("A payment method is to be chosen.")
        yield Problem("field_missing", "method", Severity.BUYER_INPUT, said, options=options)
    elif known is None:
        said = phrase("There is no such payment method.")
        yield Problem("unknown_method", "method", Severity.BUYER_INPUT, said, options=options)
    else:
        said = phrase("{method} is not possible for {total} to this country.", method=known.name, total=total)
        yield Problem("method_not_offered", "method", Severity.BUYER_INPUT, said, options=options)


def currency_problems(currency: str | None, plan: Plan) -> Iterable[Problem]:
    """That something is wished for in a currency in which nothing is sold."""
    ours = plan.store.currency
    if currency not in (None, ours):
        said = phrase("Everything here is sold in {ours}, not in {wished}.", ours=ours, wished=currency or "")
        options = (Option(ours, phrase("{name}", name=ours)),)
        yield Problem("currency_not_offered", "currency", Severity.BUYER_INPUT, said, options=options)


def _is_offered(method: PaymentMethod, country: str, currency: str) -> bool:
    is_near = not method.countries or not country or country in method.countries
    return is_near and (not method.currencies or currency in method.currencies)


def _is_within(method: PaymentMethod, total: int) -> bool:
    """Whether it is possible for a total; while nothing is to be paid, any is."""
    most = total if method.amount_max is None else method.amount_max
    return total == 0 or method.amount_min <= total <= most
