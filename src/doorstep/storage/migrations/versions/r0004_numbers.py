"""Numbers."""

import sqlalchemy as sa
from alembic.operations import Operations

from doorstep.storage.schema import text, whole

revision = "0004"
down_revision = "0003"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _counted_days(op)
    _day_numbers(op)


def _counted_days(op: Operations) -> None:
    op.create_table(
        "counted_days",
        whole("placed_day", key=True),
        text("rules"),
        whole("counted_at_ms"),
        whole("orders"),
        whole("facts"),
        whole("open"),
    )


def _day_numbers(op: Operations) -> None:
    op.create_table(
        "day_numbers",
        text("location", key=True),
        whole("day", key=True),
        text("metric", key=True),
        whole("up_to", key=True),
        whole("placed_day", key=True),
        whole("count"),
        whole("total"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_day_numbers_backlog",
        "day_numbers",
        ["location", "day", "count"],
        sqlite_where=sa.text("metric = 'backlog'"),
        postgresql_where=sa.text("metric = 'backlog'"),
    )
    op.create_index("ix_day_numbers_placed_day", "day_numbers", ["placed_day"])
