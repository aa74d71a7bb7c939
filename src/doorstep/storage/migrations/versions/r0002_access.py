"""Access."""

from alembic.operations import Operations

from doorstep.storage.migrations.append_only import keep_append_only
from doorstep.storage.schema import text, whole

revision = "0002"
down_revision = "0001"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _api_keys(op)
    _audit(op)
    _links(op)
    _recovery_codes(op)
    _saved_views(op)
    _secrets(op)
    _sessions(op)
    _staff(op)
    _throttles(op)


def _api_keys(op: Operations) -> None:
    op.add_column("api_keys", whole("last_used_at_ms", null=True))


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


def _links(op: Operations) -> None:
    op.create_table(
        "links",
        text("digest", key=True),
        text("purpose"),
        text("staff_id"),
        whole("expires_at_ms"),
        whole("used_at_ms", null=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_links_staff", "links", ["staff_id", "purpose"])


def _recovery_codes(op: Operations) -> None:
    op.create_table("recovery_codes", text("staff_id", key=True), text("digest", key=True), sqlite_with_rowid=False)


def _saved_views(op: Operations) -> None:
    op.create_table(
        "saved_views",
        text("staff_id", key=True),
        text("page", key=True),
        text("name", key=True),
        text("query"),
        sqlite_with_rowid=False,
    )


def _secrets(op: Operations) -> None:
    op.create_table("secrets", text("name", key=True), text("value"), sqlite_with_rowid=False)


def _sessions(op: Operations) -> None:
    op.create_table(
        "sessions",
        text("digest", key=True),
        text("id"),
        text("staff_id"),
        text("stage"),
        whole("created_at_ms"),
        whole("seen_at_ms"),
        whole("expires_at_ms"),
        whole("fresh_until_ms"),
        text("address"),
        text("agent"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires_at_ms"])
    op.create_index("ix_sessions_staff", "sessions", ["staff_id", "id"])


def _staff(op: Operations) -> None:
    op.create_table(
        "staff",
        text("email", key=True),
        text("id"),
        text("name"),
        text("role"),
        text("state"),
        text("language"),
        whole("created_at_ms"),
        whole("changed_at_ms"),
        text("password_hash"),
        text("totp_secret"),
        text("totp_pending"),
        whole("totp_last_step"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_staff_id", "staff", ["id"], unique=True)


def _throttles(op: Operations) -> None:
    op.create_table(
        "throttles",
        text("key", key=True),
        whole("failures"),
        whole("tried_at_ms"),
        whole("blocked_until_ms"),
        sqlite_with_rowid=False,
    )
