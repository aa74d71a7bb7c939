"""The shop: the items that there are, one of them, and putting it into the cart."""

from urllib.parse import quote, urlencode

from msgspec import Struct

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.placement.model.market import market
from doorstep.kernel.errors import DoorstepError, Missing, Refused
from doorstep.kernel.limits import QUANTITY_MAX
from doorstep.storage.transaction import Tx
from doorstep.web.pages.page import Moved, Shown, Visit, done
from doorstep.web.pages.shop.kept import SHOP, found, with_added
from doorstep.web.pages.shop.shown import check_hosted, page
from doorstep.web.pages.shop.words import availability, refusal

_A_PAGE = 24
_DIGITS_MAX = 9
_TONES = 5


class Offer(Struct, frozen=True, kw_only=True):
    """An item as it is offered: how many there are in words and the tone of that, and whether it can be had."""

    item: Item
    url: str
    initials: str
    tone: int
    stock: str
    stock_tone: str
    can_be_had: bool


class AddForm(Struct, frozen=True):
    """An item, how many of it, and the page of the shop to go back to."""

    sku: str = ""
    quantity: str = "1"
    back: str = ""


async def shop(visit: Visit) -> Shown:
    """A page of the items, those that are looked for."""
    return await _list(visit, "")


async def item(visit: Visit) -> Shown:
    """One item."""
    return await _item(visit, visit.name or visit.query.get("sku", ""), "")


async def add(visit: Visit) -> Moved:
    """Put some of an item into the cart."""
    check_hosted(visit)
    form: AddForm = visit.form
    name = (await _one(visit, form.sku)).item.name
    checkout = await with_added(visit, form.sku, quantity_of(form.quantity, visit))
    back = form.back if form.back.startswith(SHOP) else SHOP
    said = visit.language("{name} is in your cart.", name=name)
    return Moved(back, done(said), cart=checkout.id)


async def add_again(visit: Visit, error: DoorstepError) -> Shown:
    """The item, with why it was not put into the cart."""
    return await _item(visit, visit.form.sku if visit.form else "", refusal(error, visit.language))


def quantity_of(text: str, visit: Visit) -> int:
    """How many somebody writes that they want. Refused when it is no number of pieces."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS_MAX or not 1 <= int(text) <= QUANTITY_MAX:
        said = visit.language("Please write how many as a whole number from 1.")
        raise Refused("bad_quantity", said, {"quantity": said})
    return int(text)


def item_url(sku: str) -> str:
    """Where an item is looked at. A path cannot hold every SKU."""
    if "/" in sku or sku in (".", ".."):
        return f"{SHOP}/items?{urlencode({'sku': sku})}"
    return f"{SHOP}/items/{quote(sku, safe='')}"


async def _list(visit: Visit, wrong: str) -> Shown:
    check_hosted(visit)
    asked = visit.query.get("q", "").strip()[:100]
    checkout = await found(visit)
    async with visit.given.database.read() as tx:
        items, after = await catalog.find(tx, asked, visit.query.get("after", ""), _A_PAGE)
        offers = await _offers(tx, visit, items)
    more = urlencode([(name, value) for name, value in (("q", asked), ("after", after or "")) if value])
    back = f"{SHOP}?{urlencode(visit.pairs)}" if visit.pairs else SHOP
    fill = {"asked": asked, "offers": offers, "more": f"{SHOP}?{more}" if after else "", "back": back, "wrong": wrong}
    return page(visit, "list", checkout, fill)


async def _item(visit: Visit, sku: str, wrong: str) -> Shown:
    check_hosted(visit)
    offer = await _one(visit, sku)
    return page(visit, "item", await found(visit), {"offer": offer, "wrong": wrong})


async def _one(visit: Visit, sku: str) -> Offer:
    async with visit.given.database.read() as tx:
        items = await catalog.load(tx, [sku])
        if sku not in items:
            raise Missing("no_such_item", "There is no such item.")
        return (await _offers(tx, visit, [items[sku]]))[0]


async def _offers(tx: Tx, visit: Visit, items: list[Item]) -> list[Offer]:
    plan = visit.given.plans.in_force
    by_sku = {one.sku: one for one in items}
    there = market(by_sku, await visit.given.shelf.read(tx, by_sku), plan, visit.now)
    locations = [place.id for place in plan.locations]
    return [_offer(one, there.available(one.sku, locations), visit) for one in items]


def _offer(one: Item, count: int, visit: Visit) -> Offer:
    said, tone = availability(count, visit.language)
    return Offer(
        item=one,
        url=item_url(one.sku),
        initials=_initials(one.name),
        tone=sum(one.sku.encode()) % _TONES + 1,
        stock=said,
        stock_tone=tone,
        can_be_had=count > 0,
    )


def _initials(name: str) -> str:
    """The first letters of the first two words that have any."""
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    return "".join(letters[:2]).upper()
