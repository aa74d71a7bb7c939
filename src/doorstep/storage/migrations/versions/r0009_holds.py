"""Holds."""

import sqlalchemy as sa
from alembic.operations import Operations

from doorstep.storage.schema import whole

revision = "0009"
down_revision = "0008"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _checkouts(op)
    _reservations(op)


def _checkouts(op: Operations) -> None:
    op.add_column("checkouts", whole("held_until_ms", otherwise=0))
    op.create_index(
        "ix_checkouts_held",
        "checkouts",
        ["held_until_ms"],
        sqlite_where=sa.text("held_until_ms > 0"),
        postgresql_where=sa.text("held_until_ms > 0"),
    )


def _reservations(op: Operations) -> None:
    op.add_column("reservations", whole("revision", otherwise=0))
