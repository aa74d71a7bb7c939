"""The checks for tax engines."""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from msgspec.structs import replace

from doorstep.kernel.ids import new_id
from doorstep.plug.conformance_verdict import demand, demand_name
from doorstep.plug.tax import TaxedLine, TaxEngine, TaxOutcome, TaxPlace, TaxRequest, TaxVerdict, is_whole


class TaxTrial(Struct, frozen=True):
    """How to try a tax engine: `make` gives one, with a test account behind it if it needs one; the rest is a cart."""

    make: Callable[[], TaxEngine]
    currency: str = "USD"
    origin: TaxPlace = TaxPlace("US", "CA", "94103", "San Francisco")
    destination: TaxPlace = TaxPlace("US", "CA", "95113", "San Jose")
    tax_class: str = "standard"


TaxCheck = Callable[[TaxTrial], Awaitable[None]]


async def tax_conformance(trial: TaxTrial) -> None:
    """Run every check."""
    for check in TAX_CHECKS:
        await check(trial)


async def names_itself(trial: TaxTrial) -> None:
    """A plan can name the engine."""
    demand_name(trial.make().name)


async def taxes_every_line(trial: TaxTrial) -> None:
    """Each line and the delivery have their tax, on top of the prices."""
    await _whole(trial.make(), _request(trial, includes=False))


async def finds_tax_within_prices(trial: TaxTrial) -> None:
    """Where prices include tax, no tax is more than what is paid."""
    await _whole(trial.make(), _request(trial, includes=True))


async def taxes_nothing_by_nothing(trial: TaxTrial) -> None:
    """A line that a discount made free, and a delivery that is, are not taxed."""
    request = _request(trial, includes=True)
    free = replace(request, lines=tuple(replace(one, amount_minor=0) for one in request.lines), delivery_minor=0)
    outcome = await _whole(trial.make(), free)
    demand(not any(line.tax_minor for line in outcome.lines), "what costs nothing must not be taxed", outcome)


async def answers_the_same_again(trial: TaxTrial) -> None:
    """The same request twice has the same answer."""
    engine, request = trial.make(), _request(trial, includes=False)
    first, second = await _whole(engine, request), await _whole(engine, request)
    demand(first == second, f"the same request must have the same answer, {first!r}", second)


async def stays_calm_about_a_strange_place(trial: TaxTrial) -> None:
    """A place that does not exist has some answer; it is not an exception."""
    nowhere = replace(_request(trial, includes=False), destination=TaxPlace("ZZ", "?", "-", ""))
    outcome = await trial.make().quote(nowhere)
    fits = outcome.verdict is TaxVerdict.UNAVAILABLE or is_whole(outcome, nowhere)
    demand(fits, "a strange place must be unavailable or taxed line by line", outcome)


TAX_CHECKS: tuple[TaxCheck, ...] = (
    names_itself,
    taxes_every_line,
    finds_tax_within_prices,
    taxes_nothing_by_nothing,
    answers_the_same_again,
    stays_calm_about_a_strange_place,
)


def _request(trial: TaxTrial, *, includes: bool) -> TaxRequest:
    lines = (TaxedLine(1, "TEA", trial.tax_class, 3, 2997), TaxedLine(2, "POT", trial.tax_class, 1, 1))
    return TaxRequest(
        key=new_id("key"),
        currency=trial.currency,
        prices_include_tax=includes,
        origin=trial.origin,
        destination=trial.destination,
        lines=lines,
        delivery_minor=495,
    )


async def _whole(engine: TaxEngine, request: TaxRequest) -> TaxOutcome:
    outcome = await engine.quote(request)
    demand(is_whole(outcome, request), "every line must be taxed once, within what is possible", outcome)
    return outcome
