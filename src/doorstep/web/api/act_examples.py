"""A real request for each act at the desk, its answer, and how it can fail."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.model.permissions import Permission
from doorstep.desk import bodies as b
from doorstep.desk.goods import LineChange
from doorstep.desk.model import About, Act
from doorstep.journey.placement.model.amending.records import ChangeState
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, NotAllowed, Refused
from doorstep.kernel.limits import KEY_CHARS_MAX
from doorstep.kernel.sheet import BadLine
from doorstep.web.api.act_views import BatchView, DoneView, ImportView, KeyView, ResultView
from doorstep.web.api.change_views import ChangeView
from doorstep.web.api.order_views import UnitsView
from doorstep.web.respond import HttpError

_ID = "01HE8P6S3M3K9T5W7Y2B4D6F8H"
_ORDER, _FULFILLMENT, _PARCEL = f"ord_{_ID}", f"ful_{_ID}-1", f"par_{_ID}-1-1"
_RETURN, _CASE, _QUESTION = f"ret_{_ID}-01HE9AAAAA", f"case_{_ID}-{_PARCEL}", f"que_{_ID}-{_PARCEL}"
_JOB = f"payment.capture:{_ORDER}:OrderConfirmed:"
_NOTICE = f"{_ORDER}:OrderConfirmed::email:ada@example.com"
_TWO = (b.Units(1, 2),)
_CSV = "sku,location,on_hand\nMUG-1,main,40\n"
_ITEMS = "sku,name,price,weight_grams\nMUG-1,Mug,10.00,300\n"

BODIES: Mapping[str, Struct] = {
    "hold.release": b.Nothing(reason="a customer of many years"),
    "hold.reject": b.OnlyReason(reason="the card was reported stolen"),
    "order.cancel": b.Cancellation(reason="ordered twice", units=_TWO),
    "order.change": b.ChangeBody(units=(b.ChangedUnits(1, 3),), difference_minor=1000, reason="said so on the phone"),
    "order.note": b.NoteBody(text="Wants it before Friday."),
    "question.answer": b.AnswerBody(question_id=_QUESTION, choice="refund", reason="said so on the phone"),
    "case.take": b.CaseBody(case_id=_CASE),
    "case.resolve": b.Resolution(case_id=_CASE, reason="the carrier found it"),
    "pick.report": b.PickBody(fulfillment_id=_FULFILLMENT, missing=(b.Units(1, 1),), reason="broken"),
    "pack.report": b.PackBody(fulfillment_id=_FULFILLMENT),
    "parcel.hand_over": b.HandOverBody(parcel_id=_PARCEL),
    "return.request": b.ReturnBody(units=_TWO, reason="too small"),
    "return.approve": b.ReturnId(return_id=_RETURN),
    "return.decline": b.ReturnRefusal(return_id=_RETURN, reason="it was worn"),
    "return.receive": b.ReceptionBody(return_id=_RETURN, units=_TWO),
    "return.inspect": b.InspectionBody(return_id=_RETURN, written_off=(b.Units(1, 1),)),
    "notice.send_again": b.NoticeBody(notice=_NOTICE),
    "stock.adjust": b.AdjustmentBody(sku="MUG-1", location="main", change=-2, reason="two were broken"),
    "stock.import": b.CountBody(csv=_CSV, name="inventory 2026"),
    "items.import": b.FileBody(csv=_ITEMS),
    "job.retry": b.JobBody(job=_JOB),
    "job.give_up": b.JobRefusal(job=_JOB, reason="paid by hand"),
    "key.issue": b.KeyBody(name="storefront", scopes=(Permission.ORDERS_READ,), days=365),
    "key.revoke": b.KeyId(key_id="key_01HE8P6S3MZ0V4Q1R7T9W2X5YB"),
}

_SAYS = {
    "hold.release": ("The order goes on.", ""),
    "hold.reject": ("The order is rejected.", ""),
    "order.cancel": ("Canceled: 2 × MUG-1.", f"can_{_ID}-01HE9AAAAA"),
    "order.change": ("The order is changed.", f"chg_{_ID}-01HE9AAAAA"),
    "order.note": ("Noted.", f"note_{_ID}-01HE9AAAAA"),
    "question.answer": ("Answered: refund.", _QUESTION),
    "case.take": ("The case is Carol's.", _CASE),
    "case.resolve": ("The case is settled.", _CASE),
    "pick.report": ("Picked; missing: 1 × MUG-1.", _FULFILLMENT),
    "pack.report": ("Packed: 1 × MUG-1.", _PARCEL),
    "parcel.hand_over": ("The courier has the parcel.", _PARCEL),
    "return.request": ("To come back: 2 × MUG-1.", _RETURN),
    "return.approve": ("The return is approved.", ""),
    "return.decline": ("The return is declined.", ""),
    "return.receive": ("Received: 2 × MUG-1.", _RETURN),
    "return.inspect": ("Inspected. Back on the shelf: 1 × MUG-1; written off: 1 × MUG-1.", _RETURN),
    "notice.send_again": ("The notice is sent again.", _NOTICE),
    "stock.adjust": ("MUG-1 at main: 38 on hand, before 40.", ""),
    "job.retry": ("The job is tried again.", ""),
    "job.give_up": ("The job is given up.", ""),
    "key.revoke": ("The key is revoked.", ""),
}
_ABOUT = {About.ORDER: _ORDER, About.ITEM: "MUG-1 main", About.JOB: _JOB, About.KEY: "key_01HE8P6S3MZ0V4Q1R7T9W2X5YB"}

IMPORTED = ImportView(
    applied=True,
    name="count:inventory 2026",
    says="Imported stock: 0 new, 1 changed, 0 unchanged.",
    new=0,
    changed=1,
    unchanged=0,
    earlier=0,
    changes=(LineChange("MUG-1 main", "38", "40"),),
    bad=(BadLine(3, "sku", 'There is no item "MUG-9". Import the items first.'),),
)
CHANGED = ChangeView(
    id=f"chg_{_ID}-01HE9AAAAA",
    state=ChangeState.REQUESTED,
    at=datetime(2026, 11, 16, 9, 30, tzinfo=UTC),
    what=("units",),
    difference_minor=1000,
    before_minor=2500,
    after_minor=3500,
    delivery_before_minor=500,
    delivery_after_minor=500,
    pay_minor=1000,
    back_minor=0,
    units=(UnitsView(1, 2), UnitsView(2, 1)),
    until=datetime(2026, 11, 16, 9, 50, tzinfo=UTC),
    payment_id=f"pay_{_ID}-01HE9AAAAA-1",
    reason="",
)
CHANGE_DRAFT = b.ChangeDraft(units=(b.ChangedUnits(1, 3),))
CHANGE_PREVIEW = replace(CHANGED, id="", state=ChangeState.DRAFT, until=None, payment_id="")
ISSUED = KeyView(id=_ABOUT[About.KEY], name="storefront", text="dsk_01HE8P6S3MZ0V4Q1R7T9W2X5YB_7K2M…")
BATCH = BatchView(
    preview=False,
    done=1,
    refused=1,
    results=(
        ResultView(order="1001", done=True, says="Canceled: 2 × MUG-1.", code="", version=8),
        ResultView(
            order="1002",
            done=False,
            says="Order 1002: too late to cancel 1 of MUG-1; it can be returned.",
            code="too_late",
            version=None,
        ),
    ),
)

KEY_ERRORS: tuple[DoorstepError, ...] = (
    HttpError(400, "idempotency_key_missing", "Send the header Idempotency-Key with a text of your own."),
    HttpError(400, "bad_idempotency_key", f"A key has 1 to {KEY_CHARS_MAX} printable ASCII characters."),
    Conflict("key_reused", "This Idempotency-Key was used for another request before."),
)
_REASON = Refused("reason_needed", "Please say why: it is kept with what is done.", {"reason": "It is required."})
_NOT_HELD = Conflict("not_held", "This order is not held any more.")
_NO_RETURN = Missing("no_such_return", "Order 1001 has no return ret_1.")
_NO_CASE = Missing("no_such_case", "Order 1001 has no case case_1.")
_RESOLVED = Conflict("resolved", "Case case_1 is resolved already.")
_NO_FULFILLMENT = Missing("no_such_fulfillment", "Order 1001 has no fulfillment ful_1.")
_NO_JOB = Missing("no_such_job", "There is no exhausted job of this key.")
_BAD_LINES = Refused("bad_lines", "Nothing was imported: 1 lines cannot be used.", {"line 3": "sku: It is empty."})
_BAD_FILE = Refused("bad_header", "The column price is missing. The file should have sku, name, price, weight_grams.")

CHANGE_ERRORS: tuple[DoorstepError, ...] = (
    Conflict("being_packed", "Order 1001 is already being packed, so it cannot be changed any more."),
    Conflict("not_confirmed", "Order 1001 is not confirmed yet. Please try again in a moment."),
    Conflict("not_open", "Order 1001 is canceled; it cannot be changed."),
    Conflict("in_trouble", "Order 1001: something went wrong with it. That is mended first."),
    Conflict("change_pending", "Order 1001: another change waits for its payment. It is made or dropped first."),
    Refused("nothing_changes", "Order 1001 is like that already."),
    Refused("nothing_left", "Nothing of order 1001 would be left. Cancel it instead."),
    Refused("no_such_line", "Order 1001 has no line 9.", {"units": "No such line."}),
    Refused("too_many_lines", "An order has at most 500 lines.", {"units": "Too many lines."}),
    Refused(
        "change_not_possible", "Order 1001: The postcode is missing.", {"address.postcode": "The postcode is missing."}
    ),
    Refused(
        "insufficient_stock",
        "Not available any more: MUG-1 (wanted 2, available 1). Nothing was charged.",
        {"lines[0].quantity": "1"},
    ),
    Refused("not_deliverable", "No location sends these goods there. Nothing was changed."),
    Refused("needs_review", "Order 1001 cannot become so large by itself. Please ask us."),
)
ERRORS: Mapping[str, tuple[DoorstepError, ...]] = {
    "hold.release": (_NOT_HELD,),
    "hold.reject": (_NOT_HELD, _REASON),
    "order.cancel": (
        Refused("more_than_ordered", "Order 1001 does not have 3 of MUG-1."),
        Conflict("not_open", "Order 1001 is paying; nothing of it can be canceled now."),
        Conflict("too_late", "Order 1001: too late to cancel 2 of MUG-1; it can be returned."),
        _REASON,
    ),
    "order.change": (
        *CHANGE_ERRORS,
        Conflict("difference_changed", "The change comes to 1200 and not 1000 any more. Show it and ask again."),
        Refused("unknown_method", "Choose one of: card.", {"method": "Choose one of: card."}),
    ),
    "order.note": (),
    "question.answer": (
        Missing("no_such_question", "Order 1001 has no question que_1."),
        Conflict("answered", "This question is answered already."),
        Refused("no_such_option", "Choose one of refund, wait."),
    ),
    "case.take": (_NO_CASE, _RESOLVED),
    "case.resolve": (_NO_CASE, _RESOLVED, _REASON),
    "pick.report": (
        _NO_FULFILLMENT,
        Conflict("already_picked", "ful_1 is closed; it cannot be picked again."),
        Refused("missing_more_than_asked", "ful_1: more is reported missing than was to be picked."),
    ),
    "pack.report": (_NO_FULFILLMENT, Conflict("not_picked", "ful_1 is released; it cannot be packed.")),
    "parcel.hand_over": (
        Missing("no_such_parcel", "Order 1001 has no parcel par_1."),
        Conflict("not_ready", "Parcel par_1 is planned; it cannot be handed over."),
    ),
    "return.request": (
        Refused("not_returnable", "Order 1001: 1 of MUG-1 was not delivered or is coming back already."),
        Refused("return_window_passed", "Order 1001 could be returned for 30 days after delivery."),
        _REASON,
    ),
    "return.approve": (_NO_RETURN, Conflict("decided", "Return ret_1 is approved already.")),
    "return.decline": (_NO_RETURN, Conflict("decided", "Return ret_1 is approved already."), _REASON),
    "return.receive": (
        _NO_RETURN,
        Conflict("not_expected", "Return ret_1 is declined; goods were not expected."),
        Refused("not_announced", "Return ret_1 announced other units than arrived."),
    ),
    "return.inspect": (
        _NO_RETURN,
        Conflict("not_received", "Return ret_1 is approved; there is nothing to inspect."),
        Refused("more_than_received", "Return ret_1: more is written off or rejected than was received."),
    ),
    "notice.send_again": (
        Missing("no_such_notice", "This order has no such notice."),
        Conflict("not_unknown", "This notice is sent; one is sent again when that is unknown."),
    ),
    "stock.adjust": (
        Missing("no_such_item", "There is no item MUG-9.", {"sku": "There is no such item."}),
        Missing("no_such_location", "There is no location moon.", {"location": "There is none."}),
        Refused("change_or_count", "Say by how many it changes, or what was counted: one of the two."),
        Refused("promised", "7 are promised to orders, so it cannot be 3."),
        Refused("below_nothing", "3 are on hand; fewer than none cannot be left."),
        Refused("too_many", "At most 1000000 of an item can be on hand at a place."),
        _REASON,
    ),
    "stock.import": (_BAD_LINES, _BAD_FILE),
    "items.import": (_BAD_LINES, _BAD_FILE),
    "job.retry": (_NO_JOB,),
    "job.give_up": (_NO_JOB, _REASON),
    "key.issue": (NotAllowed("scope_too_wide", "A key cannot be given what its maker may not do: staff:manage."),),
    "key.revoke": (Missing("no_such_key", "There is no key key_1 in use."),),
}


def done(act: Act[Any]) -> DoneView:
    """The answer to an act's example."""
    says, made = _SAYS[act.name]
    version = 8 if act.about is About.ORDER else None
    return DoneView(act=act.name, about=_ABOUT[act.about], says=says, made=made, version=version)
