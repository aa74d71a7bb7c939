"""After the button: waiting for the bank, and the confirmation."""

from datetime import timedelta

from doorstep.access.flow.order_pages import LINK_DAYS
from doorstep.access.model.order_link import SECRET_NAME, link_token
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.kernel.ids import OrderId, child
from doorstep.storage.gate import Priority
from doorstep.web.pages.page import Moved, Shown, Visit, done
from doorstep.web.pages.shop.kept import DONE, WAITING, Stand, found, stand
from doorstep.web.pages.shop.paying import reviewed
from doorstep.web.pages.shop.shown import page
from doorstep.web.pages.shop.who import not_open


async def waiting(visit: Visit) -> Shown | Moved:
    """That the bank is asked. Who has just pressed the button goes on to their bank by themselves if it wants them."""
    checkout = await found(visit)
    if checkout is None or not checkout.order_id or stand(checkout, visit) is not Stand.PAYING:
        return not_open(visit, checkout)
    async with visit.given.database.read() as tx:
        step = await visit.given.overview.payment(tx, checkout.order_id)
    url = step.action_url or ""
    safe = url if url.startswith(("https://", "http://")) else ""
    fill = {"here": WAITING, "bank": safe, "goes_on": bool(safe) and "go" in visit.query, "step": step}
    return page(visit, "waiting", checkout, fill)


async def look(visit: Visit) -> Moved | Shown:
    """The shopper says that they have been at their bank: it is asked at once."""
    checkout = await found(visit)
    if checkout is None or not checkout.order_id or stand(checkout, visit) is not Stand.PAYING:
        return not_open(visit, checkout)
    payment_id = child("pay", checkout.order_id, checkout.payment_attempts)
    async with visit.given.database.begin(Priority.REQUEST) as tx:
        await visit.given.payments.ask_now(tx, payment_id, visit.now)
    return Moved(WAITING, done(visit.language("Thank you. We are asking your bank.")))


async def confirmation(visit: Visit) -> Shown | Moved:
    """The order, with the link to where it can be followed."""
    checkout = await found(visit)
    if checkout is None or not checkout.order_id or stand(checkout, visit) is not Stand.DONE:
        return not_open(visit, checkout)
    fill = {"here": DONE, "link": await _link(visit, checkout.order_id), **reviewed(checkout, visit)}
    return page(visit, "done", checkout, {**fill, "email": _email(checkout)})


async def _link(visit: Visit, order_id: OrderId) -> str:
    async with visit.given.database.begin(Priority.REQUEST) as tx:  # the first of all links makes the secret
        secret = await visit.given.people.access.secret_of(tx, SECRET_NAME)
    return f"/order/{link_token(secret, order_id, visit.now + timedelta(days=LINK_DAYS))}"


def _email(checkout: Checkout) -> str:
    return checkout.wishes.buyer.email if checkout.wishes.buyer else ""
