"""Access."""

from alembic.operations import Operations

from doorstep.storage.migrations.append_only import keep_append_only
from doorstep.storage.schema import text, whole

revision = "0002"
down_revision = "0001"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _audit(op)


def _audit(op: Operations) -> None:
    op.create_table(
        "audit",
        text("id", key=True),
        whole("at_ms"),
        text("actor_kind"),
        text("actor_id"),
        text("actor_name"),
        text("act"),
        text("about_kind"),
        text("about_id"),
        text("reason"),
        text("before"),
        text("after"),
        text("request_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_about", "audit", ["about_kind", "about_id", "id"])
    op.create_index("ix_audit_actor", "audit", ["actor_id", "id"])
    keep_append_only(op, "audit")
