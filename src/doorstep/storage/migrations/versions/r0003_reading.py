"""Reading."""

import sqlalchemy as sa
from alembic.operations import Operations

from doorstep.storage.schema import exact, text, whole

revision = "0003"
down_revision = "0002"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _headlines(op)
    _jobs(op)
    _notes(op)
    _notices(op)
    _order_terms(op)
    _questions(op)
    _stock_movements(op)


def _headlines(op: Operations) -> None:
    op.add_column("headlines", whole("due_at_ms", otherwise=0))
    op.add_column("headlines", text("plan_version", otherwise=""))
    op.drop_index(op.f("ix_headlines_stage"), table_name="headlines")
    op.create_index("ix_headlines_stage", "headlines", ["stage", "order_id"])
    op.create_index(
        "ix_headlines_open",
        "headlines",
        ["stage", "due_at_ms", "order_id", "since_ms"],
        sqlite_where=sa.text("due_at_ms > 0"),
        postgresql_where=sa.text("due_at_ms > 0"),
    )


def _jobs(op: Operations) -> None:
    op.create_index(
        "ix_jobs_about", "jobs", ["about"], sqlite_where=sa.text("owner <= 0"), postgresql_where=sa.text("owner <= 0")
    )


def _notes(op: Operations) -> None:
    op.create_table(
        "notes",
        text("order_id", key=True),
        text("id", key=True),
        whole("at_ms"),
        text("author_id"),
        text("author"),
        text("text"),
        sqlite_with_rowid=False,
    )


def _notices(op: Operations) -> None:
    op.create_index(
        "ix_notices_unknown",
        "notices",
        ["at_ms"],
        sqlite_where=sa.text("state = 'unknown'"),
        postgresql_where=sa.text("state = 'unknown'"),
    )


def _order_terms(op: Operations) -> None:
    op.create_table(
        "order_terms",
        whole("week", key=True),
        exact("term", key=True),
        text("order_id", key=True),
        sqlite_with_rowid=False,
    )


def _questions(op: Operations) -> None:
    op.create_index(
        "ix_questions_deadline",
        "questions",
        ["deadline_at_ms"],
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def _stock_movements(op: Operations) -> None:
    op.create_index(
        "ix_stock_movements_item",
        "stock_movements",
        ["sku", "at_ms"],
        sqlite_where=sa.text("on_hand != 0"),
        postgresql_where=sa.text("on_hand != 0"),
    )
