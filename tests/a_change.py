"""A store from which an order can be changed in every way: two services, a country that costs more and is sent to from
the north only; and what a customer wishes there.
"""

from typing import Any

from msgspec.structs import replace

from doorstep.journey.order import Address
from doorstep.journey.placement.model.amending.records import ChangeRequest, ChangeWish, OrderChange
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import child
from doorstep.plan.load import load_plan
from doorstep.plan.records import CaptureWhen, Plan
from tests.an_order import AnOrder

_PLAN = """\
[store]
name = "Mill Lane Tea"
country = "GB"
currency = "GBP"
support_email = "care@tea.example"
languages = ["en", "de"]
[locations.north]
[locations.south]
ships_to = ["GB"]
[placement]
deliveries_max = 2
[tax]
prices_include_tax = {includes}
[[tax.rates]]
country = "GB"
rate = "0.20"
[[tax.rates]]
country = "DE"
rate = "0.10"
[payment.methods.card]
provider = "sandbox"
[shipping.zones.home]
countries = ["GB"]
[shipping.zones.abroad]
countries = ["DE"]
[shipping.services.standard]
carrier = "sandbox-carrier"
[shipping.services.standard.rates.home]
price = "4.95"
transit_days = 2
[shipping.services.standard.rates.abroad]
price = "12.00"
transit_days = 5
[shipping.services.express]
carrier = "sandbox-carrier"
[shipping.services.express.rates.home]
price = "9.95"
transit_days = 1
[shipping.services.slow]
carrier = "sandbox-carrier"
[shipping.services.slow.rates.home]
price = "2.00"
transit_days = 9
"""

NEXT_DOOR = Address("GB", "Ada Byron", "3 Mill Lane", "Ely", "CB7 4AA")
ABROAD = Address("DE", "Ada Byron", "Unter den Linden 6", "Berlin", "10117")


def a_plan(capture: str = "hand_over", review_over: int | None = None, *, includes: bool = True) -> Plan:
    """The plan with some of its settings changed."""
    plan = load_plan(_PLAN.format(includes=str(includes).lower()), "plan.toml")
    return replace(plan, payment=replace(plan.payment, capture=CaptureWhen(capture), review_over=review_over))


def wished(order: AnOrder, agreed: int | None = None, *, key: str = "1", token: str = "", **wish: Any) -> ChangeRequest:
    """The customer wishes something, and agrees to a difference; `token` pays it, else what paid the order."""
    return ChangeRequest(
        order_id=order.id,
        change_id=child("chg", order.id, key),
        at=order.store.now,
        wish=ChangeWish(**wish),
        agreed_minor=agreed,
        method="card" if token else "",
        token=token,
    )


async def change(order: AnOrder, agreed: int | None = None, **wish: Any) -> OrderChange | DoorstepError:
    """What becomes of a wish; the store does what follows."""
    answer: OrderChange | DoorstepError = await order.store.ask(
        order.store.app.stages.changes.request, wished(order, agreed, **wish)
    )
    await order.store.drain()
    return answer
