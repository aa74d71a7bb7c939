"""Those with whom the desk works: the composition root names them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from doorstep.access.flow.access import Access
from doorstep.catalog.flow import Catalog
from doorstep.jobs.queue import Queue
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.route import Stages
from doorstep.kernel.clock import Clock
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import NewId, OrderId
from doorstep.stock.flow import Shelf
from doorstep.storage.database import Database
from doorstep.storage.transaction import Tx


@dataclass(frozen=True)
class Note:
    """What somebody writes to an order for their colleagues."""

    order_id: OrderId
    note_id: str
    author: str
    text: str


class Notes(Protocol):
    """Whoever keeps notes on orders."""

    async def note(self, tx: Tx, notes: Sequence[Note]) -> Sequence[object | DoorstepError]:
        """Keep notes; answers something for each, or why it was not kept."""
        ...


class AuditedNotes:
    """Keeps no notes of its own: they stand in the audit trail alone."""

    async def note(self, tx: Tx, notes: Sequence[Note]) -> Sequence[object | DoorstepError]:
        """Nothing is to be done."""
        del tx
        return notes


@dataclass(frozen=True)
class Crew:
    """The flows and books that acts are done with."""

    database: Database
    clock: Clock
    new_id: NewId
    ledger: Ledger
    stages: Stages
    shelf: Shelf
    catalog: Catalog
    access: Access
    queue: Queue
    notes: Notes = field(default_factory=AuditedNotes)
