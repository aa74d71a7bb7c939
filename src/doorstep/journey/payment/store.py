"""The tables of payments and money calls, and every statement on them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Index, Table

from doorstep.journey.payment.model import CallState, MoneyCall, Payment, PaymentState
from doorstep.kernel.ids import OrderId
from doorstep.plug.payment import PaymentAct
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, select_by, update_by
from doorstep.storage.transaction import Tx

payments = Table(
    "payments",
    metadata,
    text("id", key=True),
    text("order_id"),
    text("number"),
    text("state"),
    text("provider"),
    text("method"),
    text("token"),
    whole("amount"),
    text("currency"),
    text("reference"),
    sqlite_with_rowid=False,
)

money_calls = Table(
    "money_calls",
    metadata,
    text("key", key=True),
    text("order_id"),
    text("payment_id"),
    text("act"),
    whole("amount"),
    text("state"),
    text("reference"),
    text("reason"),
    sqlite_with_rowid=False,
)
Index("ix_money_calls_order_id", money_calls.c.order_id)

_INSERT = insert_rows(payments, ignore=True)
_SELECT = select_by(payments, ["id"])
_UPDATE = update_by(payments, ["id"], ["state", "reference"])
_INSERT_CALLS = insert_rows(money_calls, ignore=True)
_SELECT_CALLS = select_by(money_calls, ["key"])
_OF_ORDERS = select_by(money_calls, ["order_id"])
_UPDATE_CALLS = update_by(money_calls, ["key"], ["state", "reference", "reason"])


async def insert(tx: Tx, new: Iterable[Payment]) -> None:
    """Write payments; one that is there already stays as it is."""
    rows = [
        (p.id, p.order_id, p.number, p.state.value, p.provider, p.method, p.token, p.amount, p.currency, p.reference)
        for p in new
    ]
    await tx.run(_INSERT, sorted(rows))


async def load(tx: Tx, ids: Iterable[str]) -> dict[str, Payment]:
    """Payments by id."""
    rows = await tx.rows(_SELECT, [(i,) for i in sorted(set(ids))])
    return {row[0]: Payment(row[0], row[1], row[2], PaymentState(row[3]), *row[4:]) for row in rows}


async def update(tx: Tx, changed: Sequence[tuple[str, PaymentState, str]]) -> None:
    """Set state and provider's reference of payments."""
    await tx.run(_UPDATE, sorted((key, state.value, reference) for key, state, reference in changed))


async def insert_calls(tx: Tx, new: Iterable[MoneyCall]) -> None:
    """Write money calls; one whose key is there already stays as it is."""
    rows = [(c.key, c.order_id, c.payment_id, c.act.value, c.amount, c.state.value, c.reference, c.reason) for c in new]
    await tx.run(_INSERT_CALLS, sorted(rows))


async def load_calls(tx: Tx, keys: Iterable[str]) -> dict[str, MoneyCall]:
    """Money calls by key."""
    rows = await tx.rows(_SELECT_CALLS, [(key,) for key in sorted(set(keys))])
    return {row[0]: _call(row) for row in rows}


async def calls_of_orders(tx: Tx, order_ids: Iterable[OrderId]) -> dict[OrderId, list[MoneyCall]]:
    """All money calls of some orders."""
    found: dict[OrderId, list[MoneyCall]] = {}
    for row in await tx.rows(_OF_ORDERS, [(i,) for i in sorted(set(order_ids))]):
        found.setdefault(row[1], []).append(_call(row))
    return found


def _call(row: Row) -> MoneyCall:
    return MoneyCall(row[0], row[1], row[2], PaymentAct(row[3]), row[4], CallState(row[5]), row[6], row[7])


async def update_calls(tx: Tx, changed: Sequence[tuple[str, CallState, str, str]]) -> None:
    """Set state, provider's reference and reason of money calls."""
    await tx.run(
        _UPDATE_CALLS, sorted((key, state.value, reference, reason) for key, state, reference, reason in changed)
    )
