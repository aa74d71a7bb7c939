"""What the web is given by whoever starts it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from doorstep.access.flow.doors import Doors
from doorstep.desk.desk import Desk
from doorstep.jobs.lane import Lane
from doorstep.jobs.queue import Queue
from doorstep.journey.care.flow import Care
from doorstep.journey.numbers.flow import Numbers
from doorstep.journey.overview.flow import Overview
from doorstep.journey.payment.flow import Payments
from doorstep.journey.placement.flow.conversation import Said
from doorstep.journey.placement.flow.placement import Placement
from doorstep.journey.placement.model.checkout import Cancel, Change, Checkout, Complete, Create
from doorstep.journey.plans.book import PlanBook
from doorstep.kernel.clock import Clock
from doorstep.kernel.ids import NewId
from doorstep.live.hub import Hub
from doorstep.plug.calls import Calls
from doorstep.plug.payment import Notified
from doorstep.stock.flow import Shelf
from doorstep.storage.database import Database
from doorstep.web.clients import Network
from doorstep.web.limits import Limits
from doorstep.web.noting import UNOBSERVED, Observe
from doorstep.web.stream import USUAL, Pace


class Challenges(Protocol):
    """A practice bank that asks shoppers whether it is really them."""

    def challenged_amount(self, key: str) -> tuple[int, str]:
        """What a call is about that waits for its shopper: minor units and currency. Missing when there is none."""
        ...

    def complete_challenge(self, key: str, *, approved: bool) -> object:
        """The shopper said yes or no. A second time changes nothing."""
        ...


class Deployment(Struct, frozen=True, kw_only=True):
    """What people are told of this process: its settings without secrets, the providers there are of each kind, what
    came of the calls to them, and since when it runs.
    """

    settings: Mapping[str, str]
    providers: Mapping[str, tuple[str, ...]]
    calls: Callable[[], Sequence[Calls]]
    started_at: datetime


class Lanes(Protocol):
    """The lanes through which requests that change something go."""

    @property
    def create(self) -> Lane[Create, Checkout]: ...

    @property
    def change(self) -> Lane[Change, Checkout]: ...

    @property
    def complete(self) -> Lane[Complete, Checkout]: ...

    @property
    def cancel(self) -> Lane[Cancel, Checkout]: ...

    @property
    def hear(self) -> Lane[Said, Checkout]: ...


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
    hub: Hub
    people: Doors
    plans: PlanBook
    queue: Queue
    shelf: Shelf
    desk: Desk
    care: Care
    payments: Payments
    numbers: Numbers
    deployment: Deployment
    network: Network
    notified: Mapping[str, Notified] = field(default_factory=dict)
    practice_bank: Challenges | None = None
    public_url: str = ""
    api_token: str = ""
    pace: Pace = USUAL
    observe: Observe = UNOBSERVED
    metrics: Callable[[], Awaitable[bytes]] | None = None
    metrics_token: str = ""
    successes: str = ""
    is_fit: Callable[[], bool] = lambda: True
    limits: Limits = field(default_factory=lambda: Limits(0))
