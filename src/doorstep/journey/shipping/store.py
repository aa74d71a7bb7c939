"""The tables of shipments and of what carriers saw, and every statement on them."""

from collections.abc import Iterable

from sqlalchemy import Index, Table

from doorstep.journey.shipping.model import Shipment, ShipmentState
from doorstep.kernel.clock import to_ms
from doorstep.plug.carrier import TrackingEvent
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, select_by, update_by
from doorstep.storage.transaction import Tx

shipments = Table(
    "shipments",
    metadata,
    text("parcel_id", key=True),
    text("order_id"),
    text("location"),
    text("state"),
    text("carrier"),
    text("service"),
    text("tracking_number"),
    text("label_reference"),
    whole("cost_minor"),
    whole("weight_grams"),
    whole("handed_over_at_ms"),
    sqlite_with_rowid=False,
)
Index("ix_shipments_tracking_number", shipments.c.tracking_number)

tracking_events = Table(
    "tracking_events",
    metadata,
    text("parcel_id", key=True),
    text("event_id", key=True),
    whole("at_ms"),
    text("status"),
    text("place"),
    sqlite_with_rowid=False,
)

_INSERT = insert_rows(shipments, ignore=True)
_SELECT = select_by(shipments, ["parcel_id"])
_UPDATE = update_by(
    shipments,
    ["parcel_id"],
    ["state", "tracking_number", "label_reference", "cost_minor", "handed_over_at_ms"],
)
_EVENTS = insert_rows(tracking_events, ignore=True)
_SEEN = select_by(tracking_events, ["parcel_id"])


async def insert(tx: Tx, new: Iterable[Shipment]) -> None:
    """Write shipments; one that is there already stays as it is."""
    rows = [
        (
            *(one.parcel_id, one.order_id, one.location, one.state.value, one.carrier, one.service),
            *(one.tracking_number, one.label_reference, one.cost_minor, one.weight_grams, one.handed_over_at_ms),
        )
        for one in new
    ]
    await tx.run(_INSERT, sorted(rows))


async def load(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, Shipment]:
    """Shipments by parcel."""
    rows = await tx.rows(_SELECT, [(i,) for i in sorted(set(parcel_ids))])
    return {row[0]: _record(row) for row in rows}


async def update(tx: Tx, changed: Iterable[Shipment]) -> None:
    """Write shipments that changed."""
    rows = [
        (s.parcel_id, s.state.value, s.tracking_number, s.label_reference, s.cost_minor, s.handed_over_at_ms)
        for s in changed
    ]
    await tx.run(_UPDATE, sorted(rows))


async def see(tx: Tx, seen: Iterable[tuple[str, TrackingEvent]]) -> None:
    """Write what carriers saw; an event that is known already is not written again."""
    rows = [(parcel, event.event_id, to_ms(event.at), event.status.value, event.place) for parcel, event in seen]
    await tx.run(_EVENTS, sorted(rows))


async def seen(tx: Tx, parcel_ids: Iterable[str]) -> list[tuple[str, str, int, str, str]]:
    """What carriers saw of parcels: parcel, event, when, status, place."""
    return [(r[0], r[1], r[2], r[3], r[4]) for r in await tx.rows(_SEEN, [(i,) for i in sorted(set(parcel_ids))])]


def _record(row: Row) -> Shipment:
    return Shipment(row[0], row[1], row[2], ShipmentState(row[3]), *row[4:])
