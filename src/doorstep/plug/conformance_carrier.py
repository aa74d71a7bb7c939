"""The checks for carriers."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from doorstep.kernel.ids import new_id
from doorstep.plug.carrier import Carrier, LabelOutcome, LabelRequest, LabelVerdict, TrackingEvent, TrackingQuestion
from doorstep.plug.conformance_verdict import demand, demand_name


class CarrierTrial(Struct, frozen=True):
    """How to try a carrier: `make` gives one, with a test account behind it if it needs one; the rest is a parcel."""

    make: Callable[[], Carrier]
    service: str = "standard"
    country: str = "DE"
    postcode: str = "10115"
    from_country: str = "DE"
    handed_over_at: datetime = datetime(2026, 3, 2, 16, tzinfo=UTC)


CarrierCheck = Callable[[CarrierTrial], Awaitable[None]]


async def carrier_conformance(trial: CarrierTrial) -> None:
    """Run every check."""
    for check in CARRIER_CHECKS:
        await check(trial)


async def names_itself(trial: CarrierTrial) -> None:
    """A plan can name the carrier."""
    demand_name(trial.make().name)


async def sells_a_label(trial: CarrierTrial) -> None:
    """A label has a reference and a number that tracks the parcel, and costs nothing or something."""
    outcome = await _bought(trial.make(), _request(trial))
    demand(bool(outcome.tracking_number), "a label must have a tracking number", outcome)
    demand(bool(outcome.label_reference), "a label must have a reference", outcome)
    demand(outcome.cost_minor >= 0, "a label must not cost less than nothing", outcome)


async def sells_one_label_for_a_key(trial: CarrierTrial) -> None:
    """The same request twice is one label."""
    carrier, request = trial.make(), _request(trial)
    first, second = await _bought(carrier, request), await _bought(carrier, request)
    demand(first == second, f"a repeated purchase must be answered as the first time, {first!r}", second)


async def numbers_each_parcel(trial: CarrierTrial) -> None:
    """Two parcels never share a number."""
    carrier = trial.make()
    first, second = await _bought(carrier, _request(trial)), await _bought(carrier, _request(trial))
    demand(first.tracking_number != second.tracking_number, "two parcels must have two tracking numbers", second)


async def tells_events_in_order(trial: CarrierTrial) -> None:
    """Events come oldest first, about the parcel asked for, each with an id of its own, none from the future."""
    carrier = trial.make()
    question = await _question(carrier, trial)
    events = await carrier.track(question)
    demand(list(events) == sorted(events, key=_at), "events must come oldest first", events)
    demand(len({event.event_id for event in events}) == len(events), "each event must have its own id", events)
    demand(all(event.at <= question.at for event in events), f"nothing can have happened after {question.at}", events)
    numbers = {event.tracking_number for event in events}
    demand(numbers <= {question.tracking_number}, "events must be about the parcel that was asked for", events)


async def forgets_no_event(trial: CarrierTrial) -> None:
    """What was told once is told again, with the same ids, however much later one asks."""
    carrier = trial.make()
    question = await _question(carrier, trial)
    told: tuple[TrackingEvent, ...] = ()
    for hours in (0, 2, 24, 72, 24 * 30):
        events = await carrier.track(replace(question, at=trial.handed_over_at + timedelta(hours=hours)))
        demand(events[: len(told)] == told, f"later answers must begin with what was told before, {told!r}", events)
        told = events


async def knows_nothing_of_a_strange_parcel(trial: CarrierTrial) -> None:
    """A number that the carrier never gave has no events; it is not an exception."""
    carrier = trial.make()
    question = await _question(carrier, trial)
    events = await carrier.track(replace(question, tracking_number="NOT-A-NUMBER"))
    demand(events == (), "a strange number must have no events", events)


CARRIER_CHECKS: tuple[CarrierCheck, ...] = (
    names_itself,
    sells_a_label,
    sells_one_label_for_a_key,
    numbers_each_parcel,
    tells_events_in_order,
    forgets_no_event,
    knows_nothing_of_a_strange_parcel,
)


def _request(trial: CarrierTrial) -> LabelRequest:
    return LabelRequest(
        key=new_id("key"),
        order_number=new_id("try"),
        service=trial.service,
        country=trial.country,
        postcode=trial.postcode,
        weight_grams=800,
        from_country=trial.from_country,
        transit_days=2,
    )


async def _bought(carrier: Carrier, request: LabelRequest) -> LabelOutcome:
    """Buy a label; a purchase without an answer is asked again, once."""
    outcome = await carrier.buy_label(request)
    if outcome.verdict is LabelVerdict.UNKNOWN:
        outcome = await carrier.buy_label(request)
    demand(outcome.verdict is LabelVerdict.BOUGHT, "a plain parcel must get its label", outcome)
    return outcome


async def _question(carrier: Carrier, trial: CarrierTrial) -> TrackingQuestion:
    label = await _bought(carrier, _request(trial))
    return TrackingQuestion(
        tracking_number=label.tracking_number,
        service=trial.service,
        country=trial.country,
        transit_days=2,
        handed_over_at=trial.handed_over_at,
        at=trial.handed_over_at + timedelta(days=30),
    )


def _at(event: TrackingEvent) -> datetime:
    return event.at
