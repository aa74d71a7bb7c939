"""The journey as one table: which jobs follow from a fact, and which flow runs a job. Read it from top to bottom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from doorstep.jobs.model import CallKind, FlowKind, Kind
from doorstep.journey import facts as f
from doorstep.journey.care.flow import Care
from doorstep.journey.care.model import AskedSlip, TroubleSlip
from doorstep.journey.codes.flow import Codes
from doorstep.journey.codes.model import Freed
from doorstep.journey.confirmation.flow import Confirmation
from doorstep.journey.confirmation.model import AuthorizedSlip
from doorstep.journey.fulfillment.flow import Fulfillment
from doorstep.journey.fulfillment.model import ReleaseSlip, ShortSlip
from doorstep.journey.ledger.book import Follow, Follows
from doorstep.journey.notices import TELL, TELL_AGAIN, Notices, Retry
from doorstep.journey.numbers.flow import COUNT, LOOK, Numbers
from doorstep.journey.numbers.model.cohort import Counting
from doorstep.journey.payment.flow import CAPTURE, ENQUIRE, REPEAT, SETTLE, VOID, Payments
from doorstep.journey.payment.model import AuthorizeSlip, CaptureSlip, Enquiry, RefundSlip, SettleSlip, VoidSlip
from doorstep.journey.placement.flow.changes import ChangeNews, Changes
from doorstep.journey.placement.flow.conversation import Conversation
from doorstep.journey.placement.flow.outside import OutsideServices
from doorstep.journey.placement.flow.placement import PaymentNews, Placement
from doorstep.journey.placement.flow.quotes import DEFAULT, LOOK_AGAIN, LookSlip, OfferSlip
from doorstep.journey.returns.flow import Returns
from doorstep.journey.shipping.flow import LABEL, TRACK, Shipping
from doorstep.journey.shipping.model import PackedSlip, TrackSlip
from doorstep.messages.flow import Messages
from doorstep.storage.gate import Priority

_AUTHORIZE = Follow("payment.authorize")
_CASE = Follow("care.open_case")
_CAPTURE = Follow(CAPTURE, when="capture")
_CONFIRM = Follow("confirmation.confirm", unless="change_id")
_RELEASE = Follow("fulfillment.release", due="release_at")
_SETTLE = Follow(SETTLE)
_TELL = Follow(TELL)
_FREE_CODES = Follow("codes.give_back")
_FREE_CODES_IF_ANY = Follow("codes.give_back", when="codes")

FOLLOWS: Follows = {
    f.OrderPlaced: (_AUTHORIZE,),
    f.PaymentRetried: (_AUTHORIZE,),
    f.PaymentAuthorized: (
        _CONFIRM,
        Follow("placement.close", unless="change_id"),
        Follow("placement.make_change", when="change_id"),
    ),
    f.PaymentDeclined: (
        Follow("placement.reopen", unless="change_id"),
        Follow("placement.drop_change", when="change_id"),
    ),
    f.OrderChangeRequested: (_AUTHORIZE, Follow("placement.drop_change", due="until")),
    f.OrderChangeCanceled: (Follow(VOID, when="payment_id"), _TELL),
    f.OrderChanged: (
        Follow("fulfillment.release", due="release_at", when="promises"),
        _CAPTURE,
        Follow(SETTLE, when="value"),
        _TELL,
    ),
    f.OrderHeld: (Follow("confirmation.end_hold", due="until"),),
    f.HoldReleased: (Follow("confirmation.confirm_reviewed"),),
    f.OrderConfirmed: (_RELEASE, _CAPTURE, _TELL),
    f.OrderRejected: (Follow(VOID, when="payment_id"), _FREE_CODES, _TELL),
    f.OrderLapsed: (_FREE_CODES_IF_ANY,),
    f.UnitsShort: (Follow("fulfillment.resource"),),
    f.UnitsReallocated: (_RELEASE,),
    f.ParcelPacked: (Follow(LABEL),),
    f.ParcelHandedOver: (_CAPTURE, Follow(TRACK, due="track_at"), _TELL),
    f.ParcelDelivered: (_TELL,),
    f.UnitsCanceled: (_SETTLE, _FREE_CODES_IF_ANY),
    f.UnitsInspected: (_SETTLE,),
    f.RefundGranted: (Follow("payment.refund"),),
    f.PaymentRefunded: (_TELL,),
    f.LabelRefused: (_CASE,),
    f.MoneyCallFailed: (_CASE,),
    f.ParcelLost: (Follow("care.ask_about_lost"),),
    f.QuestionAsked: (_TELL, Follow("care.apply_default", due="deadline")),
    f.QuestionAnswered: (Follow(SETTLE, when="value"),),
}

ENDS: Mapping[type[f.Fact], str] = {
    f.PaymentActionRequired: "waits for the buyer; the payment enquires by itself",
    f.PaymentVoided: "the end of the money",
    f.PaymentCaptured: "the end of the money, unless something comes back",
    f.FulfillmentReleased: "waits for a picker",
    f.UnitsPicked: "waits for a packer",
    f.LabelBought: "waits for the courier",
    f.ParcelTracked: "more tracking follows by itself",
    f.ReturnRequested: "answered at once, or waits for a person",
    f.ReturnAuthorized: "waits for the goods",
    f.ReturnDeclined: "the end of the return",
    f.UnitsReceived: "waits for an inspection",
    f.CaseOpened: "waits for a person",
    f.CaseClosed: "the end of the case",
}
"""Facts that no job follows from, and who or what moves the order on."""


@dataclass(frozen=True)
class Stages:
    """The flows of all stages, as the composition root made them."""

    placement: Placement
    changes: Changes
    conversation: Conversation
    codes: Codes
    outside: OutsideServices
    payments: Payments
    confirmation: Confirmation
    fulfillment: Fulfillment
    shipping: Shipping
    returns: Returns
    care: Care
    notices: Notices
    messages: Messages
    numbers: Numbers


def kinds(stages: Stages) -> tuple[Kind, ...]:
    """Every kind of job and the flow that runs it."""
    return (*_money(stages.payments), *_goods(stages), *_words(stages), *_numbers(stages.numbers))


def _money(payments: Payments) -> tuple[Kind, ...]:
    calls: tuple[tuple[str, Any, Any, Any], ...] = (
        (CAPTURE, CaptureSlip, payments.open_captures, payments.settle_calls),
        ("payment.refund", RefundSlip, payments.open_refunds, payments.settle_calls),
        (VOID, VoidSlip, payments.open_voids, payments.settle_calls),
        (ENQUIRE, Enquiry, payments.open_enquiries, payments.settle_enquiries),
        (REPEAT, Enquiry, payments.open_repeats, payments.settle_enquiries),
    )
    return (
        CallKind(
            name="payment.authorize",
            body=AuthorizeSlip,
            open=payments.open_authorizations,
            call=payments.call,
            lost=payments.lost,
            settle=payments.settle_authorizations,
            priority=Priority.PAYMENT,
            linger_seconds=0.02,
        ),
        *(
            CallKind(name=name, body=body, open=opened, call=payments.call, lost=payments.lost, settle=settle)
            for name, body, opened, settle in calls
        ),
        FlowKind(name=SETTLE, body=SettleSlip, run=payments.settle_up),
    )


def _goods(stages: Stages) -> tuple[Kind, ...]:
    shipping = stages.shipping
    return (
        FlowKind(name="placement.close", body=PaymentNews, run=stages.placement.close, priority=Priority.PAYMENT),
        FlowKind(name="placement.reopen", body=PaymentNews, run=stages.placement.reopen, priority=Priority.PAYMENT),
        FlowKind(name=DEFAULT, body=OfferSlip, run=stages.conversation.apply_defaults),
        FlowKind(name=LOOK_AGAIN, body=LookSlip, run=stages.conversation.look_again),
        FlowKind(name="placement.lapse", body=None, run=stages.placement.lapse, every=timedelta(minutes=1)),
        FlowKind(name="placement.make_change", body=ChangeNews, run=stages.changes.make),
        FlowKind(name="placement.drop_change", body=ChangeNews, run=stages.changes.drop),
        FlowKind(name="codes.give_back", body=Freed, run=stages.codes.give_back),
        FlowKind(name="confirmation.confirm", body=AuthorizedSlip, run=stages.confirmation.confirm),
        FlowKind(name="confirmation.confirm_reviewed", body=AuthorizedSlip, run=stages.confirmation.confirm_reviewed),
        FlowKind(name="confirmation.end_hold", body=AuthorizedSlip, run=stages.confirmation.end_holds),
        FlowKind(name="care.open_case", body=TroubleSlip, run=stages.care.open_cases),
        FlowKind(name="care.ask_about_lost", body=TroubleSlip, run=stages.care.ask_about_lost),
        FlowKind(name="care.apply_default", body=AskedSlip, run=stages.care.apply_defaults),
        FlowKind(name="fulfillment.release", body=ReleaseSlip, run=stages.fulfillment.release),
        FlowKind(name="fulfillment.resource", body=ShortSlip, run=stages.fulfillment.resource),
        CallKind(
            name=LABEL,
            body=PackedSlip,
            open=shipping.open_labels,
            call=shipping.buy_label,
            lost=shipping.lost_label,
            settle=shipping.settle_labels,
        ),
        CallKind(
            name=TRACK,
            body=TrackSlip,
            open=shipping.open_tracking,
            call=shipping.track,
            lost=shipping.lost_tracking,
            settle=shipping.settle_tracking,
        ),
    )


def _numbers(numbers: Numbers) -> tuple[Kind, ...]:
    return (
        FlowKind(name=LOOK, body=None, run=numbers.look, every=timedelta(minutes=10)),
        FlowKind(name=COUNT, body=Counting, run=numbers.count, batch_max=1),
    )


def _words(stages: Stages) -> tuple[Kind, ...]:
    notices, messages = stages.notices, stages.messages
    calls: tuple[tuple[str, Any, Any, Any], ...] = (
        (TELL, f.ANY_FACT, notices.open, notices.settle),
        (TELL_AGAIN, Retry, notices.open_again, notices.settle_again),
    )
    return tuple(
        CallKind(
            name=name, body=body, open=opened, call=messages.call, lost=messages.lost, settle=settle, linger_seconds=0.2
        )
        for name, body, opened, settle in calls
    )
