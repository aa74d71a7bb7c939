"""What the work list offers, done as the flows of the stages would do it."""

from datetime import datetime
from typing import Any

from doorstep.jobs import store as jobs
from doorstep.journey.care.model import Answer, CaseWork
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.fulfillment.model import PackReport, PickReport
from doorstep.journey.overview.work import Item, WorkQuery
from doorstep.journey.returns.model import InspectionReport, Reception, ReviewDecision
from doorstep.journey.shipping.model import HandOver
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import DoorstepError, Missing
from doorstep.kernel.ids import OrderId
from doorstep.messages.model import NOTICE
from tests.an_order import Store


async def perform(store: Store, item: Item, action: str) -> Any:
    """The answer to doing it, which is an error when it was not legal."""
    if action.startswith("job."):
        return await _job(store, item.subject, action)
    if action == "notice.send_again":
        return NOTICE.next(item.state, "send_again")  # type: ignore[arg-type]
    stage, use_case, request = _request(action, item.order_id, item.subject, store.now)
    return await store.ask(getattr(getattr(store.app.stages, stage), use_case), request)


def _request(action: str, order_id: OrderId, subject: str, now: datetime) -> tuple[str, str, Any]:
    """Which flow it is, and what it is asked."""
    about = (order_id, subject, now)
    return {
        "hold.release": ("confirmation", "decide", HoldDecision(order_id, now, "Grace", accept=True)),
        "hold.reject": ("confirmation", "decide", HoldDecision(order_id, now, "Grace", accept=False)),
        "case.take": ("care", "assign", CaseWork(*about, "ada")),
        "case.resolve": ("care", "resolve", CaseWork(*about, "ada", "settled")),
        "question.answer": ("care", "answer", Answer(*about, "wait")),
        "pick.report": ("fulfillment", "report_picks", PickReport(*about)),
        "pack.report": ("fulfillment", "report_packed", PackReport(*about)),
        "parcel.hand_over": ("shipping", "hand_over", HandOver(*about)),
        "return.approve": ("returns", "review", ReviewDecision(*about, approve=True)),
        "return.decline": ("returns", "review", ReviewDecision(*about, approve=False)),
        "return.receive": ("returns", "receive", Reception(*about)),
        "return.inspect": ("returns", "inspect", InspectionReport(*about)),
    }[action]


async def _job(store: Store, key: str, action: str) -> bool | DoorstepError:
    async with store.app.database.begin() as tx:
        if action == "job.retry":
            took = await jobs.retry(tx, key, to_ms(store.now))
        else:
            took = await jobs.give_up(tx, key, "settled by hand")
    return took or Missing("no_such_job", key)


async def work_list(store: Store, query: WorkQuery | None = None) -> list[Item]:
    """All items, page by page."""
    query, found = query or WorkQuery(), list[Item]()
    cursor: str | None = ""
    while cursor is not None:
        wanted = WorkQuery(kinds=query.kinds, location=query.location, most=query.most, after=cursor)
        async with store.app.database.read() as tx:
            page = await store.app.overview.work(tx, wanted, store.now)
        found += page.items
        cursor = page.next_cursor
    return found
