"""What a transaction changed, told once, and only when it is committed."""

from collections.abc import Callable, Collection, Iterable
from weakref import WeakKeyDictionary

from doorstep.storage.transaction import Tx

Note = Callable[[Tx, Iterable[str]], None]
"""Notes inside a transaction which topics it changes."""

BOARD = "board"


def order_topic(order_id: str) -> str:
    """The topic of one order."""
    return f"order:{order_id}"


def checkout_topic(checkout_id: str) -> str:
    """The topic of one checkout."""
    return f"checkout:{checkout_id}"


def stock_topic(sku: str) -> str:
    """The topic of one item that is sold out somewhere."""
    return f"stock:{sku}"


def nobody(_tx: Tx, _topics: Iterable[str]) -> None:
    """Nobody is told."""


class Teller:
    """Gathers the topics of a transaction, whoever notes them, and tells them all at once after the commit."""

    def __init__(self, tell: Callable[[Collection[str]], None]) -> None:
        self._tell = tell
        self._gathered: WeakKeyDictionary[Tx, set[str]] = WeakKeyDictionary()

    def note(self, tx: Tx, topics: Iterable[str]) -> None:
        """These change when the transaction is committed."""
        gathered = self._gathered.get(tx)
        if gathered is None:
            gathered = self._gathered[tx] = set()
            tx.after_commit(lambda: self._tell(gathered))
        gathered.update(topics)
