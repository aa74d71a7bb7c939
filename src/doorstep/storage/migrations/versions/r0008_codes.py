"""Codes."""

from alembic.operations import Operations

from doorstep.storage.schema import text, whole

revision = "0008"
down_revision = "0007"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _code_counts(op)
    _code_uses(op)


def _code_counts(op: Operations) -> None:
    op.create_table(
        "code_counts", text("code", key=True), text("customer", key=True), whole("used"), sqlite_with_rowid=False
    )


def _code_uses(op: Operations) -> None:
    op.create_table(
        "code_uses", text("order_id", key=True), text("code", key=True), text("customer"), sqlite_with_rowid=False
    )
