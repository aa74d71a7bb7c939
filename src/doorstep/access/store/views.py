"""The table of saved views, and every statement on it."""

from sqlalchemy import Table, bindparam, delete, select

from doorstep.access.model.views import SavedView
from doorstep.storage.schema import metadata, text
from doorstep.storage.statement import insert_rows, plain, update_by
from doorstep.storage.transaction import Tx

saved_views = Table(
    "saved_views",
    metadata,
    text("staff_id", key=True),
    text("page", key=True),
    text("name", key=True),
    text("query"),
    sqlite_with_rowid=False,
)
_KEY = ["staff_id", "page", "name"]

_INSERT = insert_rows(saved_views, ignore=True)
_UPDATE = update_by(saved_views, _KEY, ["query"])
_OF = plain(
    select(*saved_views.columns)
    .where(saved_views.c.staff_id == bindparam("who"))
    .order_by(saved_views.c.page, saved_views.c.name)
)
_DELETE = plain(
    delete(saved_views)
    .where(
        saved_views.c.staff_id == bindparam("who"),
        saved_views.c.page == bindparam("where"),
        saved_views.c.name == bindparam("which"),
    )
    .returning(saved_views.c.name)
)


async def save(tx: Tx, view: SavedView) -> None:
    """Write a view, in place of one of the same page and name."""
    row = (view.staff_id, view.page, view.name, view.query)
    await tx.run(_INSERT, [row])
    await tx.run(_UPDATE, [row])


async def of(tx: Tx, staff_id: str) -> list[SavedView]:
    """A person's views, by page and name."""
    return [SavedView(*row) for row in await tx.rows(_OF, who=staff_id)]


async def remove(tx: Tx, staff_id: str, page: str, name: str) -> bool:
    """Delete a view; False when there is none."""
    return bool(await tx.rows(_DELETE, who=staff_id, where=page, which=name))
