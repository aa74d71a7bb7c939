"""What the web is given by whoever starts it."""

from dataclasses import dataclass, field
from typing import Protocol

from doorstep.desk.desk import Desk
from doorstep.jobs.lane import Lane
from doorstep.journey.overview import Overview
from doorstep.journey.placement.flow import Placement
from doorstep.journey.placement.model.checkout import Change, Checkout, Complete, Create
from doorstep.kernel.clock import Clock
from doorstep.kernel.ids import NewId
from doorstep.storage.database import Database
from doorstep.web.clients import Clients
from doorstep.web.limits import Limits


class Lanes(Protocol):
    """The lanes through which requests that change something go."""

    @property
    def create(self) -> Lane[Create, Checkout]: ...

    @property
    def change(self) -> Lane[Change, Checkout]: ...

    @property
    def complete(self) -> Lane[Complete, Checkout]: ...


@dataclass(frozen=True)
class Given:
    """Everything the web works with. Without `api_token` nobody may read orders.

    `is_https`: people reach this deployment by HTTPS, whoever takes care of that.
    """

    lanes: Lanes
    placement: Placement
    overview: Overview
    database: Database
    clock: Clock
    new_id: NewId
    desk: Desk
    api_token: str = ""
    clients: Clients = field(default_factory=Clients)
    limits: Limits = field(default_factory=lambda: Limits(0))
    is_https: bool = False
