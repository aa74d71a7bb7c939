"""Items as they come in from elsewhere."""

from collections.abc import Sequence

from doorstep.catalog import store
from doorstep.catalog.model import Compared, Item, compared
from doorstep.storage.transaction import Tx


class Catalog:
    """The items of the store."""

    async def bring_in(self, tx: Tx, items: Sequence[Item]) -> Compared:
        """Write items that are new or different; says what that was. Items that are not named stay as they are."""
        known = await store.load(tx, [item.sku for item in items], lock=True)
        outcome = compared(items, known)
        await store.put(tx, outcome.to_write)
        return outcome

    async def page(self, tx: Tx, after: str, most: int) -> list[Item]:
        """Items in order of SKU, after one."""
        return await store.page(tx, after, most)
