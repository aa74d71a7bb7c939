"""Item sizes."""

from alembic.operations import Operations

from doorstep.storage.schema import text, whole

revision = "0007"
down_revision = "0006"


def upgrade(op: Operations) -> None:
    """Take this step."""
    _items(op)


def _items(op: Operations) -> None:
    op.add_column("items", whole("length_mm", otherwise=0))
    op.add_column("items", whole("width_mm", otherwise=0))
    op.add_column("items", whole("height_mm", otherwise=0))
    op.add_column("items", whole("is_dangerous", otherwise=0))
    op.add_column("items", text("substitutes", otherwise=""))
