"""The folds of units and money against plain sums over the whole story, told lawfully or not."""

from typing import Any

import msgspec
from hypothesis import given

from doorstep.journey import balance as money
from doorstep.journey import facts as f
from doorstep.journey import standing as fold
from doorstep.journey import units as goods
from doorstep.journey.balance import Balance
from doorstep.journey.order import Counts, Order
from doorstep.journey.standing import Standing
from doorstep.journey.units import Units
from tests.laws.stories import stories

Story = tuple[Order, list[f.Fact]]


def _of(told: list[f.Fact], kind: type[f.Fact]) -> list[Any]:
    return [fact for fact in told if type(fact) is kind]


def _sum(position: int, *parts: Counts) -> int:
    return sum(count for part in parts for place, count in part if place == position)


def _goods(told: list[f.Fact], order: Order, position: int) -> dict[str, int]:
    """The quantities of one line, each as a sum over all facts that speak of it."""
    contents = {fact.parcel_id: fact.units for fact in _of(told, f.ParcelPacked)}
    asked = {fact.return_id: fact.units for fact in _of(told, f.ReturnRequested)}
    promised = [p.units for kind in (f.OrderConfirmed, f.UnitsReallocated) for x in _of(told, kind) for p in x.promises]
    freed = [x.units for x in _of(told, f.UnitsShort)]
    freed += [promise.units for x in _of(told, f.UnitsCanceled) for promise in x.released]
    inspected = _of(told, f.UnitsInspected)
    sums = {
        "canceled": _sum(position, *(x.units for x in _of(told, f.UnitsCanceled))),
        "allocated": _sum(position, *promised) - _sum(position, *freed),
        "picked": _sum(position, *(x.units for x in _of(told, f.UnitsPicked))),
        "packed": _sum(position, *contents.values()),
        "shipped": _sum(position, *(contents[x.parcel_id] for x in _of(told, f.ParcelHandedOver))),
        "delivered": _sum(position, *(contents[x.parcel_id] for x in _of(told, f.ParcelDelivered))),
        "lost": _sum(position, *(contents[x.parcel_id] for x in _of(told, f.ParcelLost))),
        "return_requested": _sum(position, *asked.values())
        - _sum(position, *(asked[x.return_id] for x in _of(told, f.ReturnDeclined)))
        - sum(max(0, _sum(position, asked[x.return_id]) - _sum(position, x.units)) for x in _of(told, f.UnitsReceived)),
        "returned": _sum(position, *(x.units for x in _of(told, f.UnitsReceived))),
        "restocked": _sum(position, *(x.restocked for x in inspected)),
        "written_off": _sum(position, *(x.written_off for x in inspected)),
        "sent_back": _sum(position, *(x.rejected for x in inspected)),
    }
    return {"ordered": order.line(position).quantity, **sums}


def _lawful(line: dict[str, int]) -> bool:
    ended = line["restocked"] + line["written_off"] + line["sent_back"]
    arrived, wanted = line["delivered"] + line["lost"], line["ordered"] - line["canceled"]
    chain = [0, ended, line["returned"], line["return_requested"], arrived]
    chain += [line["shipped"], line["packed"], line["picked"], line["allocated"], wanted]
    return chain == sorted(chain) and min(line.values()) >= 0


def _counted(order: Order, told: list[f.Fact]) -> Units:
    units = goods.start(order)
    for fact in told:
        goods.apply(units, fact)
    return units


def _booked(order: Order, told: list[f.Fact]) -> Balance:
    balance = Balance(order.total_minor)
    for fact in told:
        money.apply(balance, fact)
    return balance


def _folded(standing: Standing, told: list[f.Fact]) -> Standing:
    for fact in told:
        fold.apply(standing, fact, standing.seq + 1)
    return standing


@given(stories())
def test_every_quantity_is_the_sum_over_the_story(story: Story) -> None:
    order, told = story
    lines = [msgspec.structs.asdict(line) for line in _counted(order, told).lines]
    assert lines == [_goods(told, order, position) for position in (1, 2)]


@given(stories())
def test_the_law_of_units_is_broken_just_when_the_chain_is(story: Story) -> None:
    order, told = story
    lawful = all(_lawful(_goods(told, order, position)) for position in (1, 2))
    assert (goods.broken(_counted(order, told)) == []) is lawful


@given(stories())
def test_the_law_of_money_is_broken_just_when_the_chain_is(story: Story) -> None:
    order, told = story
    sums = {kind: sum(x.amount for x in _of(told, kind)) for kind in (f.PaymentRefunded, f.RefundGranted)}
    authorized = sum(x.amount for x in _of(told, f.PaymentAuthorized)) - sum(
        x.amount for x in _of(told, f.PaymentVoided)
    )
    chain = [0, *sums.values(), sum(x.amount for x in _of(told, f.PaymentCaptured)), authorized]
    shipped = sum(x.value for x in _of(told, f.ParcelHandedOver))
    goods = sum(x.goods for x in _of(told, f.RefundGranted))
    owed = sum(x.value for kind in (f.UnitsCanceled, f.UnitsInspected) for x in _of(told, kind))
    lawful = chain == sorted(chain) and shipped <= order.total_minor and goods <= owed
    assert (money.broken(_booked(order, told)) == []) is lawful


@given(stories())
def test_nothing_is_confirmed_that_is_not_paid_for(story: Story) -> None:
    order, told = story
    standing = _folded(fold.start(order), told)
    owed = order.total_minor - sum(x.value for x in _of(told, f.UnitsCanceled))
    unpaid = bool(_of(told, f.OrderConfirmed)) and standing.balance.authorized < owed
    assert any("confirmed with" in said for said in fold.broken(standing)) is unpaid


@given(stories())
def test_a_standing_that_was_stored_goes_on_as_if_it_had_not_been(story: Story) -> None:
    order, told = story
    whole = _folded(fold.start(order), told)
    for cut in range(len(told) + 1):
        stored = msgspec.json.encode(_folded(fold.start(order), told[:cut]))
        assert _folded(msgspec.json.decode(stored, type=Standing), told[cut:]) == whole


@given(stories())
def test_a_fact_that_was_stored_is_the_fact_that_was_told(story: Story) -> None:
    _, told = story
    assert [msgspec.json.decode(msgspec.json.encode(fact), type=f.ANY_FACT) for fact in told] == told


@given(stories())
def test_each_stage_that_is_not_an_end_has_an_owner(story: Story) -> None:
    order, told = story
    stage = _folded(fold.start(order), told).stage
    assert (stage in fold.OWNERS) is not (stage in fold.ENDS)
