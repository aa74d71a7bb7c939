"""A change of an order: its states, what is wished, what it comes to in money and in goods."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from doorstep.journey.order import Address, Counts, Order
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.problems import Problem
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import OrderId
from doorstep.kernel.states import StateTable
from doorstep.stock.model.sourcing import Source, Want

Wanted: TypeAlias = tuple[tuple[int, int], ...]
"""By line position, how many are to be sent; 0: none."""


class ChangeState(StrEnum):
    """The states of a change of an order."""

    DRAFT = "draft"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELED = "canceled"


_S = ChangeState
ORDER_CHANGE = StateTable(
    "OrderChange",
    start=_S.DRAFT,
    ends=(_S.CONFIRMED, _S.DECLINED, _S.CANCELED),
    rows=(
        (_S.DRAFT, "confirm", _S.CONFIRMED),
        (_S.DRAFT, "request", _S.REQUESTED),
        (_S.REQUESTED, "confirm", _S.CONFIRMED),
        (_S.REQUESTED, "decline", _S.DECLINED),
        (_S.REQUESTED, "cancel", _S.CANCELED),
    ),
)


class ChangeWish(Struct, frozen=True, kw_only=True):
    """What is to be different: only what is given changes.

    `units` are how many of some lines are to be sent; more than there are become a line of their own, at the price that
    was agreed for the others. `delivery` is the id of a delivery plan.
    """

    address: Address | None = None
    units: Wanted = ()
    service: str | None = None
    delivery: str | None = None
    deliveries_max: int | None = None


class ChangeRequest(Struct, frozen=True, kw_only=True):
    """A wish to change an order. The change has the id that the client's key gives it, so that it is made once.

    `agreed_minor` is the difference that the customer saw and agreed to; None: nothing was agreed to, it is a draft. A
    change that costs more is paid by `method` with `token`; without them as the order itself was paid.
    """

    order_id: OrderId
    change_id: str
    at: datetime
    wish: ChangeWish
    agreed_minor: int | None = None
    method: str = ""
    token: str = ""


class ChangeMoney(Struct, frozen=True, kw_only=True):
    """What a change comes to, in minor units: all that will be sent, before and after it, and the delivery of that.

    `pay_minor` is still to be paid for it, `back_minor` goes back.
    """

    before_minor: int
    after_minor: int
    delivery_before_minor: int
    delivery_after_minor: int
    pay_minor: int
    back_minor: int

    @property
    def difference_minor(self) -> int:
        """By how much all of it rises."""
        return self.after_minor - self.before_minor


class OrderChange(Struct, frozen=True, kw_only=True):
    """A change. `order` is the order as it is once this is in force, personal data and all; facts have only the id.

    `canceled` and `added` are units by line; `kept` are those that will be sent, `kept_before` those that would have
    been. With `is_moved` all of them are promised anew, else only what was added is. `until` ends the wait for its
    payment.
    """

    id: str
    order_id: OrderId
    state: ChangeState
    at: datetime
    wish: ChangeWish
    what: tuple[str, ...]
    money: ChangeMoney
    kept_before: Counts
    kept: Counts
    canceled: Counts
    added: Counts
    is_moved: bool
    order: Order
    until: datetime | None = None
    payment_id: str = ""
    reason: str = ""


class NotPossible(Refused):
    """An order cannot be had as it is wished: the problems that a checkout of it would have."""

    def __init__(self, number: str, problems: tuple[Problem, ...]) -> None:
        said = " ".join(dict.fromkeys(str(problem.message) for problem in problems))
        fields = {problem.path: str(problem.message) for problem in problems}
        super().__init__("change_not_possible", f"Order {number}: {said}", fields)
        self.problems = problems


class Draft(Struct, frozen=True, kw_only=True):
    """A change that may be made if its goods are to be had: any one of `wants` gives them. `frees` is where units were
    that are not needed there any more. `is_short`: there is no place that could send what is wanted.
    """

    change: OrderChange
    wants: tuple[Want, ...]
    frees: tuple[Source, ...]
    is_short: bool
    quoted: Checkout
