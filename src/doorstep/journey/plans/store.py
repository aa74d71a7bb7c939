"""The table of plan versions, and every statement on it."""

from collections.abc import Iterable

from sqlalchemy import Table, select

from doorstep.kernel.clock import wall_ms
from doorstep.plan.codec import decode_plan, encode_plan
from doorstep.plan.records import Plan
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import insert_rows, plain, select_by
from doorstep.storage.transaction import Tx

plans = Table("plans", metadata, text("version", key=True), whole("stored_at_ms"), text("body"))

_INSERT = insert_rows(plans, ignore=True)
_SELECT = select_by(plans, ["version"], columns=["body"])
_VERSIONS = plain(select(plans.c.version, plans.c.stored_at_ms).order_by(plans.c.stored_at_ms))


async def insert(tx: Tx, plan: Plan) -> None:
    """Store a version; one that is there already is the same."""
    await tx.run(_INSERT, [(plan.version, wall_ms(), encode_plan(plan).decode())])


async def load(tx: Tx, wanted: Iterable[str]) -> list[Plan]:
    """The plans of some versions."""
    return [decode_plan(body.encode()) for (body,) in await tx.rows(_SELECT, [(v,) for v in sorted(set(wanted))])]


async def versions(tx: Tx) -> list[tuple[str, int]]:
    """Every version and when it was first stored, oldest first."""
    return [(row[0], row[1]) for row in await tx.rows(_VERSIONS)]
