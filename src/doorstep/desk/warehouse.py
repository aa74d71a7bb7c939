"""What pickers, packers and whoever takes returns in report."""

from collections.abc import Sequence
from typing import Any

from doorstep.desk.bodies import HandOverBody, InspectionBody, PackBody, PickBody, ReceptionBody, counts
from doorstep.desk.crew import Crew
from doorstep.desk.model import Errand, Report
from doorstep.desk.through import Reports, Way, in_words, through
from doorstep.journey.fulfillment.model import PackReport, PickReport
from doorstep.journey.order import Counts
from doorstep.journey.returns.model import InspectionReport, Reception
from doorstep.journey.shipping.model import HandOver
from doorstep.storage.transaction import Tx

_NOT_THERE = "not on the shelf"


async def report_picks(crew: Crew, tx: Tx, errands: Sequence[Errand[PickBody]]) -> Reports:
    """Everything was picked but what is missing."""

    def request(one: Errand[PickBody]) -> PickReport:
        missing = counts(one.body.missing)
        return PickReport(one.order.id, one.body.fulfillment_id, one.at, missing, one.body.reason or _NOT_THERE)

    def report(one: Errand[PickBody], short: Counts) -> Report:
        says = f"Picked; missing: {in_words(one.order, short)}." if short else "Picked."
        return Report(says=says, made=one.body.fulfillment_id)

    return await through(tx, errands, Way(crew.stages.fulfillment.report_picks, request, report, "fulfillment_id"))


async def report_packed(crew: Crew, tx: Tx, errands: Sequence[Errand[PackBody]]) -> Reports:
    """What was picked is in sealed parcels."""

    def request(one: Errand[PackBody]) -> PackReport:
        return PackReport(one.order.id, one.body.fulfillment_id, one.at)

    def report(one: Errand[PackBody], parcel: Any) -> Report:
        return Report(says=f"Packed: {in_words(one.order, parcel.units)}.", made=parcel.parcel_id)

    return await through(tx, errands, Way(crew.stages.fulfillment.report_packed, request, report, "fulfillment_id"))


async def hand_over(crew: Crew, tx: Tx, errands: Sequence[Errand[HandOverBody]]) -> Reports:
    """The courier took parcels."""

    def request(one: Errand[HandOverBody]) -> HandOver:
        return HandOver(one.order.id, one.body.parcel_id, one.at)

    def report(one: Errand[HandOverBody], _fact: object) -> Report:
        return Report(says="The courier has the parcel.", made=one.body.parcel_id)

    return await through(tx, errands, Way(crew.stages.shipping.hand_over, request, report, "parcel_id"))


async def receive_returns(crew: Crew, tx: Tx, errands: Sequence[Errand[ReceptionBody]]) -> Reports:
    """Goods of returns arrived."""

    def request(one: Errand[ReceptionBody]) -> Reception:
        units = None if one.body.units is None else counts(one.body.units)
        return Reception(one.order.id, one.body.return_id, one.at, units)

    def report(one: Errand[ReceptionBody], fact: Any) -> Report:
        return Report(says=f"Received: {in_words(one.order, fact.units)}.", made=one.body.return_id)

    return await through(tx, errands, Way(crew.stages.returns.receive, request, report, "return_id"))


async def inspect_returns(crew: Crew, tx: Tx, errands: Sequence[Errand[InspectionBody]]) -> Reports:
    """Goods of returns were looked at."""

    def request(one: Errand[InspectionBody]) -> InspectionReport:
        written_off, rejected = counts(one.body.written_off), counts(one.body.rejected)
        return InspectionReport(one.order.id, one.body.return_id, one.at, written_off, rejected)

    def report(one: Errand[InspectionBody], fact: Any) -> Report:
        parts = {"back on the shelf": fact.restocked, "written off": fact.written_off, "rejected": fact.rejected}
        said = "; ".join(f"{where}: {in_words(one.order, units)}" for where, units in parts.items() if units)
        return Report(says=f"Inspected. {said[:1].upper()}{said[1:]}.", made=one.body.return_id)

    return await through(tx, errands, Way(crew.stages.returns.inspect, request, report, "return_id"))
