"""The sandbox carrier makes the trouble that it is asked for, and sells each label once."""

from datetime import timedelta

import pytest

from doorstep.plug.carrier import LabelVerdict, TrackingStatus
from doorstep.providers.sandbox_carrier import LABEL_SCRIPTS, SandboxCarrier
from doorstep.providers.zone_rate import ZoneRateCarrier
from tests.contract.providers.asking import FRIDAY, label, where_is

BOUGHT, REFUSED, UNKNOWN = LabelVerdict.BOUGHT, LabelVerdict.REFUSED, LabelVerdict.UNKNOWN

PURCHASES = {
    "": (BOUGHT, 1, BOUGHT, 1),
    "please ring twice": (BOUGHT, 1, BOUGHT, 1),
    "refuse": (REFUSED, 0, REFUSED, 0),
    "refuse:no such street": (REFUSED, 0, REFUSED, 0),
    "timeout": (UNKNOWN, 1, BOUGHT, 1),
    "timeout-lost": (UNKNOWN, 0, BOUGHT, 1),
    "lose": (BOUGHT, 1, BOUGHT, 1),
    "return": (BOUGHT, 1, BOUGHT, 1),
}


@pytest.mark.parametrize("instructions", PURCHASES)
async def test_the_instructions_decide_the_purchase_and_its_repetition(instructions: str) -> None:
    carrier = SandboxCarrier()
    story: list[object] = []
    for _ in range(2):
        story += [(await carrier.buy_label(label(instructions=instructions))).verdict, len(carrier.books())]
    assert tuple(story) == PURCHASES[instructions]


@pytest.mark.parametrize(
    ("instructions", "end"),
    [
        ("", TrackingStatus.DELIVERED),
        ("timeout", TrackingStatus.DELIVERED),
        ("lose", TrackingStatus.LOST),
        ("return", TrackingStatus.RETURNED_TO_SENDER),
    ],
)
async def test_the_instructions_decide_how_the_parcel_ends(instructions: str, end: TrackingStatus) -> None:
    carrier = SandboxCarrier()
    await carrier.buy_label(label(instructions=instructions))
    number = (await carrier.buy_label(label(instructions=instructions))).tracking_number
    events = await SandboxCarrier().track(where_is(number, FRIDAY + timedelta(days=60)))
    assert events[-1].status is end


@pytest.mark.parametrize(
    ("instructions", "reason"), [("refuse", "refused"), ("refuse:no such street", "no such street")]
)
async def test_a_refusal_tells_its_reason_each_time(instructions: str, reason: str) -> None:
    carrier = SandboxCarrier()
    reasons = [(await carrier.buy_label(label(instructions=instructions))).reason for _ in range(2)]
    assert reasons == [reason, reason]


async def test_a_key_is_good_for_one_parcel_only() -> None:
    carrier = SandboxCarrier()
    await carrier.buy_label(label())
    outcome = await carrier.buy_label(label(weight_grams=9000))
    assert (outcome.verdict, outcome.reason) == (REFUSED, "key reused")
    assert len(carrier.books()) == 1


@pytest.mark.parametrize(("weight_grams", "cost"), [(0, 350), (1, 400), (1000, 400), (1001, 450)])
async def test_a_label_costs_by_the_kilogram_begun(weight_grams: int, cost: int) -> None:
    outcome = await SandboxCarrier().buy_label(label(weight_grams=weight_grams))
    assert outcome.cost_minor == cost


async def test_the_stores_own_label_costs_nothing_and_is_the_same_after_a_restart() -> None:
    first, second = await ZoneRateCarrier().buy_label(label()), await ZoneRateCarrier().buy_label(label())
    assert first == second
    assert (first.verdict, first.cost_minor, first.label_reference) == (BOUGHT, 0, f"label-{first.tracking_number}")


async def test_the_stores_own_carrier_loses_nothing() -> None:
    number = (await ZoneRateCarrier().buy_label(label(instructions="lose"))).tracking_number
    events = await ZoneRateCarrier().track(where_is(number, FRIDAY + timedelta(days=60)))
    assert events[-1].status is TrackingStatus.DELIVERED


def test_every_row_is_tested() -> None:
    assert {script.instructions.partition(":")[0] for script in LABEL_SCRIPTS} <= set(PURCHASES)
