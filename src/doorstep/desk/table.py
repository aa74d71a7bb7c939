"""Every act in one table: the API, the console and their documentation are made from it."""

from collections.abc import Mapping
from typing import Any

from doorstep.access.model.permissions import Permission as P
from doorstep.desk import bodies as b
from doorstep.desk import care, goods, orders, system, warehouse
from doorstep.desk.model import About, Act

_RELEASE = Act(
    name="hold.release",
    title="Let a held order go on",
    says="It is confirmed next.",
    needs=P.HOLDS_DECIDE,
    body=b.Nothing,
    run=orders.release_holds,
    for_many=True,
)
_REJECT = Act(
    name="hold.reject",
    title="Reject a held order",
    says="Its money and stock go back. The customer is told, and reads the reason.",
    needs=P.HOLDS_DECIDE,
    body=b.OnlyReason,
    run=orders.reject_holds,
    for_many=True,
)
_CANCEL = Act(
    name="order.cancel",
    title="Cancel units of an order",
    says="Exactly the units that are named, or without any, all that have not been picked yet.",
    needs=P.ORDERS_WRITE,
    body=b.Cancellation,
    run=orders.cancel,
    for_many=True,
)
CHANGE = Act(
    name="order.change",
    title="Change an order",
    says="Address, quantities or delivery, until it is given to the warehouse. What it comes to is sent and checked; "
    "what costs more is made once that is paid.",
    needs=P.ORDERS_WRITE,
    body=b.ChangeBody,
    run=orders.change,
)
_NOTE = Act(
    name="order.note",
    title="Write a note to an order",
    says="For colleagues; customers do not see it.",
    needs=P.ORDERS_WRITE,
    body=b.NoteBody,
    run=orders.write_notes,
    for_many=True,
)
_CARE = (
    Act(
        name="question.answer",
        title="Answer a question for a customer",
        says="When the customer answered by another way. What follows is done as if they had chosen it themselves.",
        needs=P.CASES_WORK,
        body=b.AnswerBody,
        run=care.answer_questions,
    ),
    Act(
        name="case.take",
        title="Take a case",
        says="Others see whose it is.",
        needs=P.CASES_WORK,
        body=b.CaseBody,
        run=care.take_cases,
    ),
    Act(
        name="case.resolve",
        title="Settle a case",
        says="The reason says how it was settled.",
        needs=P.CASES_WORK,
        body=b.Resolution,
        run=care.resolve_cases,
    ),
    Act(
        name="notice.send_again",
        title="Send a notice again",
        says="One of which nobody knows whether it went. The customer may get it twice.",
        needs=P.CASES_WORK,
        body=b.NoticeBody,
        run=care.send_again,
    ),
)
_WAREHOUSE = (
    Act(
        name="pick.report",
        title="Report a pick",
        says="Everything that was to be picked was, but what is missing. Missing units are looked for elsewhere.",
        needs=P.PICKS_REPORT,
        body=b.PickBody,
        run=warehouse.report_picks,
    ),
    Act(
        name="pack.report",
        title="Report a sealed parcel",
        says="All that was picked for the fulfillment order is in it. A label is bought next.",
        needs=P.PARCELS_REPORT,
        body=b.PackBody,
        run=warehouse.report_packed,
    ),
    Act(
        name="parcel.hand_over",
        title="Report that the courier took a parcel",
        says="The customer is told that it is on its way.",
        needs=P.PARCELS_REPORT,
        body=b.HandOverBody,
        run=warehouse.hand_over,
    ),
)
_RETURNS = (
    Act(
        name="return.request",
        title="Open a return for a customer",
        says="Delivered units are to come back. It may need to be approved, as the plan says.",
        needs=P.RETURNS_DECIDE,
        body=b.ReturnBody,
        run=orders.request_returns,
    ),
    Act(
        name="return.approve",
        title="Approve a return",
        says="The goods are expected next.",
        needs=P.RETURNS_DECIDE,
        body=b.ReturnId,
        run=orders.approve_returns,
    ),
    Act(
        name="return.decline",
        title="Decline a return",
        says="The customer keeps the goods.",
        needs=P.RETURNS_DECIDE,
        body=b.ReturnRefusal,
        run=orders.decline_returns,
    ),
    Act(
        name="return.receive",
        title="Report that goods of a return arrived",
        says="All that was announced, or the units that are named.",
        needs=P.RETURNS_RECEIVE,
        body=b.ReceptionBody,
        run=warehouse.receive_returns,
    ),
    Act(
        name="return.inspect",
        title="Report what an inspection found",
        says="What is neither written off nor rejected goes back on the shelf; what is accepted is paid back.",
        needs=P.RETURNS_RECEIVE,
        body=b.InspectionBody,
        run=warehouse.inspect_returns,
    ),
)
_GOODS = (
    Act(
        name="stock.adjust",
        title="Adjust the stock of an item at a location",
        says="By a number, or to what was counted; never below what is promised to orders, unless it is backordered.",
        needs=P.STOCK_WRITE,
        body=b.AdjustmentBody,
        run=goods.adjust,
        about=About.ITEM,
    ),
    Act(
        name="stock.import",
        title="Import counted stock",
        says="CSV with the columns sku, location and on_hand. What is on hand becomes what the file says.",
        needs=P.STOCK_WRITE,
        body=b.CountBody,
        run=goods.import_stock,
        about=About.ITEM,
    ),
    Act(
        name="items.import",
        title="Import items",
        says="CSV with the columns sku, name, price, weight_grams and, if wanted, barcode, tax_class, length_mm,"
        " width_mm, height_mm, is_dangerous (yes or no) and substitutes (SKUs separated by spaces).",
        needs=P.STOCK_WRITE,
        body=b.FileBody,
        run=goods.import_items,
        about=About.ITEM,
    ),
)
_SYSTEM = (
    Act(
        name="job.retry",
        title="Try an exhausted job again",
        says="From its first attempt on.",
        needs=P.JOBS_DECIDE,
        body=b.JobBody,
        run=system.retry_jobs,
        about=About.JOB,
    ),
    Act(
        name="job.give_up",
        title="Give an exhausted job up",
        says="It is kept, with the reason, and never run again.",
        needs=P.JOBS_DECIDE,
        body=b.JobRefusal,
        run=system.give_up_jobs,
        about=About.JOB,
    ),
    Act(
        name="key.issue",
        title="Make an API key",
        says="Its text is shown this once. Nobody gives a scope that they do not have themselves.",
        needs=P.KEYS_MANAGE,
        body=b.KeyBody,
        run=system.issue_keys,
        about=About.KEY,
    ),
    Act(
        name="key.revoke",
        title="Revoke an API key",
        says="It opens nothing any more.",
        needs=P.KEYS_MANAGE,
        body=b.KeyId,
        run=system.revoke_keys,
        about=About.KEY,
    ),
)

_ON_ORDERS = (_RELEASE, _REJECT, _CANCEL, CHANGE, _NOTE, *_CARE, *_WAREHOUSE, *_RETURNS)
ACTS: Mapping[str, Act[Any]] = {act.name: act for act in (*_ON_ORDERS, *_GOODS, *_SYSTEM)}
"""Every act, by its name."""
