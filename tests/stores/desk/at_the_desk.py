"""What the tests at the desk ask for."""

from collections.abc import Sequence
from typing import Any

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.access.model.audit import AuditQuery, Entry
from doorstep.access.model.permissions import Permission
from doorstep.desk.model import Said, Wish
from tests.an_order import AnOrder, Store

CAROL = Actor(ActorKind.STAFF, "stf_1", "Carol", frozenset(Permission))
GUEST = Actor(ActorKind.STAFF, "stf_2", "Gus", frozenset({Permission.ORDERS_READ}))


def wish(body: Said, order: AnOrder | None = None, expected: int | None = None, actor: Actor = CAROL) -> Wish[Any]:
    """What Carol, or somebody else, wants done."""
    return Wish(actor=actor, body=body, order=order.id if order else "", expected=expected)


async def audited(store: Store, about_id: str = "") -> Sequence[Entry]:
    """What is written down, newest first."""
    async with store.app.database.read() as tx:
        page = await store.app.desk.crew.access.audit(tx, AuditQuery(about_id=about_id))
    return page.entries
