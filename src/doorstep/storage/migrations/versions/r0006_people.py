"""People."""

from alembic.operations import Operations

from doorstep.storage.schema import whole

revision = "0006"
down_revision = "0005"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _staff(op)


def _staff(op: Operations) -> None:
    op.add_column("staff", whole("seen_at_ms", null=True))
