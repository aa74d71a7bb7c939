"""Views that people save for themselves."""

from doorstep.access.model.views import SavedView, check_view
from doorstep.access.store import staff
from doorstep.access.store import views as store
from doorstep.kernel.errors import Missing
from doorstep.storage.transaction import Tx


class SavedViews:
    """Keeps what a page was asked for, by page and name, for each person."""

    async def of(self, tx: Tx, staff_id: str) -> list[SavedView]:
        """A person's views, by page and name."""
        return await store.of(tx, staff_id)

    async def save(self, tx: Tx, view: SavedView) -> None:
        """Save a view, in place of one of the same page and name."""
        await staff.lock(tx, view.staff_id)
        check_view(view, {(one.page, one.name) for one in await store.of(tx, view.staff_id)})
        await store.save(tx, view)

    async def remove(self, tx: Tx, staff_id: str, page: str, name: str) -> None:
        """Delete a view; Missing when there is none."""
        if not await store.remove(tx, staff_id, page, name):
            raise Missing("no_such_view", f"There is no saved view {name!r}.")
