"""Order changes."""

from alembic.operations import Operations

from doorstep.storage.schema import text, whole

revision = "0010"
down_revision = "0009"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _amended_orders(op)
    _order_changes(op)


def _amended_orders(op: Operations) -> None:
    op.create_table(
        "amended_orders",
        text("order_id", key=True),
        text("change_id", key=True),
        whole("number"),
        text("body"),
        sqlite_with_rowid=False,
    )


def _order_changes(op: Operations) -> None:
    op.create_table(
        "order_changes",
        text("id", key=True),
        text("order_id"),
        text("state"),
        whole("at_ms"),
        text("body"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_order_changes_order_id", "order_changes", ["order_id"])
