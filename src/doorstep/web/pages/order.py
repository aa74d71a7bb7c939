"""One order, everything about it on one page, and what can be done about it."""

from datetime import timedelta
from typing import Any

from doorstep.access.flow.order_pages import LINK_DAYS
from doorstep.access.model.audit import AuditQuery, Entry
from doorstep.access.model.order_link import SECRET_NAME, link_token
from doorstep.access.model.permissions import Permission
from doorstep.desk.model import Act
from doorstep.journey.overview.story import Story
from doorstep.journey.standing import is_changeable
from doorstep.kernel.errors import DoorstepError
from doorstep.storage.transaction import Tx
from doorstep.web.pages.acts import DONE, ORDER_ACTS, act_url, have_done
from doorstep.web.pages.order_parts import parts_of
from doorstep.web.pages.page import Moved, Page, Shown, Visit, done
from doorstep.web.pages.tasks import as_written, forms_of

_TRAIL_MOST = 30


async def order(visit: Visit) -> Shown:
    """The whole order."""
    return await _page(visit, {})


async def make_link(visit: Visit) -> Shown:
    """A link by which the customer, or whoever has it, sees this one order until it expires."""
    async with visit.given.database.begin() as tx:
        secret = await visit.given.people.access.secret_of(tx, SECRET_NAME)
        story = await visit.given.overview.story(tx, visit.name)
    until = visit.now + timedelta(days=LINK_DAYS)
    link = f"{visit.given.public_url}/order/{link_token(secret, story.order.id, until)}"
    return await _page(visit, {"link": link, "link_until": visit.language.day(until)})


def act_pages() -> tuple[Page, ...]:
    """A page for each act that an order can have done to it: they take forms, and show the order again."""
    return tuple(_act_page(act) for act in ORDER_ACTS.values())


def _act_page(act: Act[Any]) -> Page:
    async def run(visit: Visit) -> Moved:
        await have_done(visit, act, visit.sent, visit.name)
        return Moved(f"/console/orders/{visit.name}", done(visit.language(DONE[act.name])))

    async def again(visit: Visit, error: DoorstepError) -> Shown:
        return await _page(visit, {"wrong": _words(error), "tried": act.name})

    return Page(method="POST", path=f"/console/orders/{{name}}/{act.name}", run=run, needs=act.needs, again=again)


async def _page(visit: Visit, more: dict[str, Any]) -> Shown:
    async with visit.given.database.read() as tx:
        story = await visit.given.overview.story(tx, visit.name)
        records = await visit.given.overview.records(tx, story)
        trail = await _trail(visit, tx, story)
    tried = act_url(story.order.number, str(more.get("tried", "")))
    tasks, unsaid = as_written(forms_of(story, records, visit), tried, visit.sent)
    changeable = is_changeable(story.standing, visit.now) and not story.standing.change
    may_write = visit.actor.may(Permission.ORDERS_WRITE)
    fill = {
        "change_url": f"/console/orders/{story.order.number}/change" if changeable and may_write else "",
        "unsaid": unsaid,
        "wrong": "",
        "tried": "",
        "link": "",
        "link_until": "",
        "tasks": tasks,
        "audit": trail,
        "link_form": may_write,
        "note_form": may_write,
        "access_code": story.order.address.access_code if visit.actor.may(Permission.PARCELS_REPORT) else "",
        **parts_of(story, records, visit.language),
    }
    return Shown("order.html", {**fill, **more})


def _words(error: DoorstepError) -> str:
    """Why something was not done; what happened meanwhile in words, not in the names that programs use."""
    return error.message.replace("_", " ") if error.code == "order_changed" else error.message


async def _trail(visit: Visit, tx: Tx, story: Story) -> tuple[Entry, ...]:
    query = AuditQuery(about_kind="order", about_id=story.order.id, most=_TRAIL_MOST)
    return (await visit.given.people.access.audit(tx, query)).entries
