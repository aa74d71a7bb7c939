"""Those with whom the desk works: the composition root names them."""

from dataclasses import dataclass

from doorstep.access.flow.access import Access
from doorstep.catalog.flow import Catalog
from doorstep.jobs.queue import Queue
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.route import Stages
from doorstep.kernel.clock import Clock
from doorstep.kernel.ids import NewId
from doorstep.stock.flow import Shelf
from doorstep.storage.database import Database


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
