"""What is decided about orders: holds, cancellations, notes, returns."""

from collections.abc import Sequence
from typing import Any

from msgspec import convert

from doorstep.desk.bodies import Cancellation, ChangeBody, ChangeDraft, NoteBody, ReturnBody, ReturnId, counts
from doorstep.desk.crew import Crew
from doorstep.desk.model import Errand, Report, small
from doorstep.desk.through import Reports, Way, in_words, name_of, through
from doorstep.journey.addresses.tidy import tidied
from doorstep.journey.care.model import Note
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.order import Address
from doorstep.journey.placement.model.amending.records import ChangeRequest, ChangeState, ChangeWish, OrderChange
from doorstep.journey.returns.model import CancelRequest, ReturnRequest, ReviewDecision
from doorstep.kernel.ids import child
from doorstep.storage.transaction import Tx


async def release_holds(crew: Crew, tx: Tx, errands: Sequence[Errand[Any]]) -> Reports:
    """Let held orders go on."""
    return await _decide(crew, tx, errands, accept=True)


async def reject_holds(crew: Crew, tx: Tx, errands: Sequence[Errand[Any]]) -> Reports:
    """Let held orders go no further."""
    return await _decide(crew, tx, errands, accept=False)


async def cancel(crew: Crew, tx: Tx, errands: Sequence[Errand[Cancellation]]) -> Reports:
    """Stop units that have not been picked yet."""

    def report(one: Errand[Cancellation], answer: Any) -> Report:
        return Report(says=f"Canceled: {in_words(one.order, answer.units)}.", made=answer.request_id)

    return await through(tx, errands, Way(crew.stages.returns.cancel, _cancel_request, report))


async def change(crew: Crew, tx: Tx, errands: Sequence[Errand[ChangeDraft]]) -> Reports:
    """Change orders that are not packed yet. What they were and are is in the change; the trail has the parts alone."""

    def report(_one: Errand[ChangeDraft], answer: OrderChange) -> Report:
        waits = answer.state is ChangeState.REQUESTED
        says = "The change is made once the difference is paid." if waits else "The order is changed."
        after = small(what=", ".join(answer.what), difference_minor=answer.money.difference_minor, state=answer.state)
        return Report(says=says, made=answer.id, before=small(change=answer.id), after=after, answer=answer)

    return await through(tx, errands, Way(crew.stages.changes.request, _change_request, report))


async def write_notes(crew: Crew, tx: Tx, errands: Sequence[Errand[NoteBody]]) -> Reports:
    """Write notes to orders. The audit trail says who wrote which, and not what: a note can be about a person."""

    def request(one: Errand[NoteBody]) -> Note:
        note_id = child("note", one.order.id, name_of(one))
        return Note(note_id, one.order.id, one.at, one.actor.id, one.actor.name, one.body.text)

    def report(one: Errand[NoteBody], _answer: object) -> Report:
        return Report(says="Noted.", made=request(one).id, after=small(note=request(one).id))

    return await through(tx, errands, Way(crew.stages.care.note, request, report))


async def request_returns(crew: Crew, tx: Tx, errands: Sequence[Errand[ReturnBody]]) -> Reports:
    """Open returns for customers."""

    def request(one: Errand[ReturnBody]) -> ReturnRequest:
        return_id = child("ret", one.order.id, name_of(one))
        return ReturnRequest(one.order.id, return_id, counts(one.body.units), one.at, one.body.reason)

    def report(one: Errand[ReturnBody], answer: Any) -> Report:
        return Report(says=f"To come back: {in_words(one.order, answer.units)}.", made=answer.return_id)

    return await through(tx, errands, Way(crew.stages.returns.request, request, report))


async def approve_returns(crew: Crew, tx: Tx, errands: Sequence[Errand[ReturnId]]) -> Reports:
    """Take returns."""
    return await _review(crew, tx, errands, approve=True)


async def decline_returns(crew: Crew, tx: Tx, errands: Sequence[Errand[ReturnId]]) -> Reports:
    """Do not take returns."""
    return await _review(crew, tx, errands, approve=False)


async def _decide(crew: Crew, tx: Tx, errands: Sequence[Errand[Any]], *, accept: bool) -> Reports:
    def request(one: Errand[Any]) -> HoldDecision:
        return HoldDecision(one.order.id, one.at, one.actor.name, accept, one.body.reason)

    says = "The order goes on." if accept else "The order is rejected."
    way = Way(crew.stages.confirmation.decide, request, lambda _one, _answer: Report(says=says))
    return await through(tx, errands, way)


def _cancel_request(one: Errand[Cancellation]) -> CancelRequest:
    units = counts(one.body.units)
    return CancelRequest(
        order_id=one.order.id,
        request_id=child("can", one.order.id, name_of(one)),
        units=units or one.order.all_units,
        at=one.at,
        reason=one.body.reason,
        partly=not units,
    )


def _change_request(one: Errand[ChangeDraft]) -> ChangeRequest:
    said = one.body
    agreed = said if isinstance(said, ChangeBody) else None
    wish = ChangeWish(
        address=tidied(convert(said.address, Address, from_attributes=True)) if said.address else None,
        units=tuple((units.position, units.quantity) for units in said.units),
        service=said.service,
        delivery=said.delivery,
        deliveries_max=said.deliveries_max,
    )
    return ChangeRequest(
        order_id=one.order.id,
        change_id=child("chg", one.order.id, name_of(one)),
        at=one.at,
        wish=wish,
        agreed_minor=agreed.difference_minor if agreed else None,
        method=agreed.method if agreed else "",
        token=agreed.token if agreed else "",
    )


async def _review(crew: Crew, tx: Tx, errands: Sequence[Errand[Any]], *, approve: bool) -> Reports:
    def request(one: Errand[Any]) -> ReviewDecision:
        return ReviewDecision(one.order.id, one.body.return_id, one.at, approve, one.body.reason)

    says = "The return is approved." if approve else "The return is declined."
    way = Way(crew.stages.returns.review, request, lambda _one, _answer: Report(says=says), "return_id")
    return await through(tx, errands, way)
