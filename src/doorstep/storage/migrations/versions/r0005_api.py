"""Api."""

from alembic.operations import Operations

from doorstep.storage.schema import text, whole

revision = "0005"
down_revision = "0004"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _api_answers(op)


def _api_answers(op: Operations) -> None:
    op.create_table(
        "api_answers",
        text("caller", key=True),
        text("key", key=True),
        text("digest"),
        whole("status"),
        text("body"),
        whole("at_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_api_answers_at", "api_answers", ["at_ms"])
