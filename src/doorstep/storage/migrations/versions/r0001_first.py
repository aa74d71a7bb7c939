"""First."""

import sqlalchemy as sa
from alembic.operations import Operations

from doorstep.storage.schema import text, whole

revision = "0001"
down_revision: str | None = None


def upgrade(op: Operations) -> None:
    """Take this step."""
    _api_keys(op)
    _cases(op)
    _checkouts(op)
    _counters(op)
    _facts(op)
    _fulfillment_orders(op)
    _headlines(op)
    _items(op)
    _jobs(op)
    _money_calls(op)
    _notices(op)
    _orders(op)
    _payments(op)
    _plans(op)
    _questions(op)
    _reservations(op)
    _returns(op)
    _shipments(op)
    _stock(op)
    _stock_movements(op)
    _tracking_events(op)
    _workers(op)


def _api_keys(op: Operations) -> None:
    op.create_table(
        "api_keys",
        text("id", key=True),
        text("name"),
        text("digest"),
        text("scopes"),
        whole("created_at_ms"),
        whole("expires_at_ms", null=True),
        whole("revoked_at_ms", null=True),
    )


def _cases(op: Operations) -> None:
    op.create_table(
        "cases",
        text("id", key=True),
        text("order_id"),
        text("subject"),
        text("state"),
        text("reason"),
        text("assignee"),
        whole("deadline_at_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_cases_deadline",
        "cases",
        ["deadline_at_ms"],
        sqlite_where=sa.text("state != 'resolved'"),
        postgresql_where=sa.text("state != 'resolved'"),
    )


def _checkouts(op: Operations) -> None:
    op.create_table(
        "checkouts", text("id", key=True), text("state"), whole("expires_at_ms"), text("body"), sqlite_with_rowid=False
    )
    op.create_index(
        "ix_checkouts_expires",
        "checkouts",
        ["expires_at_ms"],
        sqlite_where=sa.text("state = 'incomplete' OR state = 'requires_escalation' OR state = 'ready_for_complete'"),
        postgresql_where=sa.text(
            "state = 'incomplete' OR state = 'requires_escalation' OR state = 'ready_for_complete'"
        ),
    )


def _counters(op: Operations) -> None:
    op.create_table("counters", text("name", key=True), whole("value"))


def _facts(op: Operations) -> None:
    op.create_table(
        "facts",
        text("order_id", key=True),
        text("kind", key=True),
        text("cause", key=True),
        whole("seq"),
        whole("at_ms"),
        text("body"),
        sqlite_with_rowid=False,
    )


def _fulfillment_orders(op: Operations) -> None:
    op.create_table(
        "fulfillment_orders",
        text("id", key=True),
        text("order_id"),
        text("location"),
        text("state"),
        whole("released_at_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_fulfillment_orders_to_do",
        "fulfillment_orders",
        ["location", "released_at_ms"],
        sqlite_where=sa.text("state = 'released' OR state = 'in_progress'"),
        postgresql_where=sa.text("state = 'released' OR state = 'in_progress'"),
    )


def _headlines(op: Operations) -> None:
    op.create_table(
        "headlines",
        text("order_id", key=True),
        text("number"),
        whole("placed_at_ms"),
        text("stage"),
        whole("since_ms"),
        text("payment"),
        whole("seq"),
        text("standing"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_headlines_stage", "headlines", ["stage", "order_id", "since_ms"])


def _items(op: Operations) -> None:
    op.create_table(
        "items",
        text("sku", key=True),
        text("name"),
        whole("price_minor"),
        whole("weight_grams"),
        text("barcode"),
        text("tax_class"),
        sqlite_with_rowid=False,
    )


def _jobs(op: Operations) -> None:
    op.create_table(
        "jobs",
        text("key", key=True),
        text("kind"),
        text("body"),
        text("about"),
        whole("due_at_ms"),
        whole("owner"),
        whole("attempt"),
        text("error"),
    )
    op.create_index(
        "ix_jobs_due",
        "jobs",
        ["kind", "due_at_ms"],
        sqlite_where=sa.text("owner = 0"),
        postgresql_where=sa.text("owner = 0"),
    )
    op.create_index(
        "ix_jobs_exhausted",
        "jobs",
        ["kind"],
        sqlite_where=sa.text("owner = -1"),
        postgresql_where=sa.text("owner = -1"),
    )


def _money_calls(op: Operations) -> None:
    op.create_table(
        "money_calls",
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
    op.create_index("ix_money_calls_order_id", "money_calls", ["order_id"])


def _notices(op: Operations) -> None:
    op.create_table(
        "notices",
        text("key", key=True),
        text("order_id"),
        text("channel"),
        text("provider"),
        text("recipient"),
        text("subject"),
        text("text"),
        text("order_number"),
        text("state"),
        whole("tries"),
        text("note"),
        whole("at_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notices_order_id", "notices", ["order_id"])


def _orders(op: Operations) -> None:
    op.create_table(
        "orders", text("id", key=True), text("number"), text("reference"), text("body"), sqlite_with_rowid=False
    )
    op.create_index("ix_orders_reference", "orders", ["reference"])
    op.create_index("ux_orders_number", "orders", ["number"], unique=True)


def _payments(op: Operations) -> None:
    op.create_table(
        "payments",
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


def _plans(op: Operations) -> None:
    op.create_table("plans", text("version", key=True), whole("stored_at_ms"), text("body"))


def _questions(op: Operations) -> None:
    op.create_table(
        "questions",
        text("id", key=True),
        text("order_id"),
        text("case_id"),
        text("parcel_id"),
        text("state"),
        text("options"),
        text("default_option"),
        whole("deadline_at_ms"),
        sqlite_with_rowid=False,
    )


def _reservations(op: Operations) -> None:
    op.create_table(
        "reservations",
        text("id", key=True),
        text("state"),
        whole("expires_at_ms"),
        text("sources"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reservations_expires",
        "reservations",
        ["expires_at_ms"],
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def _returns(op: Operations) -> None:
    op.create_table(
        "returns",
        text("id", key=True),
        text("order_id"),
        text("state"),
        text("location"),
        text("units"),
        whole("requested_at_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_returns_order_id", "returns", ["order_id"])


def _shipments(op: Operations) -> None:
    op.create_table(
        "shipments",
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
    op.create_index("ix_shipments_tracking_number", "shipments", ["tracking_number"])


def _stock(op: Operations) -> None:
    op.create_table(
        "stock",
        text("sku", key=True),
        text("location", key=True),
        whole("on_hand"),
        whole("reserved"),
        whole("allocated"),
        sqlite_with_rowid=False,
    )


def _stock_movements(op: Operations) -> None:
    op.create_table(
        "stock_movements",
        text("cause", key=True),
        text("kind", key=True),
        text("sku", key=True),
        text("location", key=True),
        whole("at_ms"),
        whole("on_hand"),
        whole("reserved"),
        whole("allocated"),
        sqlite_with_rowid=False,
    )


def _tracking_events(op: Operations) -> None:
    op.create_table(
        "tracking_events",
        text("parcel_id", key=True),
        text("event_id", key=True),
        whole("at_ms"),
        text("status"),
        text("place"),
        sqlite_with_rowid=False,
    )


def _workers(op: Operations) -> None:
    op.create_table("workers", whole("id", key=True), text("name"), whole("started_at_ms"), whole("seen_at_ms"))
