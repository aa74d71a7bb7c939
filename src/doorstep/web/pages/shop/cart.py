"""The cart: how many of what, a note, words on a gift, discount codes."""

from msgspec import Struct

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.wishes import LineWish
from doorstep.kernel.errors import Conflict, DoorstepError
from doorstep.web.pages.page import Moved, Said, Shown, Visit, done, hinted, warned
from doorstep.web.pages.shop.browse import quantity_of
from doorstep.web.pages.shop.kept import (
    CART,
    CHECKOUT,
    DELIVERY,
    PAYMENT,
    Stand,
    changed,
    elsewhere,
    found,
    opened,
    stand,
)
from doorstep.web.pages.shop.lines import is_about_lines
from doorstep.web.pages.shop.shown import check_hosted, page
from doorstep.web.pages.shop.talk import looked_at
from doorstep.web.pages.shop.words import differences, refusal

_WORDS_MAX = 1000
_CODE_CHARS_MAX, _CODES_MAX = 64, 10
_BACK = (CART, CHECKOUT, DELIVERY, PAYMENT)


class CartForm(Struct, frozen=True):
    """The quantities in the order of the lines, the position of a line to be removed, and words for the store."""

    version: int
    quantity: tuple[str, ...] = ()
    remove: int = 0
    note: str = ""
    gift_message: str = ""
    go: str = ""


class CodeForm(Struct, frozen=True):
    """A code to be added or removed, and the page to go back to."""

    code: str = ""
    remove: str = ""
    back: str = ""


async def cart(visit: Visit) -> Shown | Moved:
    """What is in the cart."""
    check_hosted(visit)
    return await _cart(visit, "", 200)


async def update(visit: Visit) -> Moved | Shown:
    """Other quantities, a line less, other words. Refused when it was changed elsewhere meanwhile."""
    check_hosted(visit)
    form: CartForm = visit.form
    checkout = await found(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return elsewhere(stand(checkout, visit)) or await _cart(visit, "", 200)
    words = {"note": form.note[:_WORDS_MAX], "gift_message": form.gift_message[:_WORDS_MAX]}
    after = await changed(visit, checkout, {"lines": _wanted(checkout, form, visit), **words}, form.version)
    if form.go and not any(map(is_about_lines, after.problems)):
        return Moved(CHECKOUT)
    said = differences(checkout, after, None, visit.language)
    return Moved(CART, hinted(said) if said else ())


async def update_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """The cart, with why it was not changed."""
    return await _cart(visit, refusal(error, visit.language), error.status)


async def code(visit: Visit) -> Moved:
    """Add or remove a discount code. One that cannot be used is not kept, and it is said why."""
    form: CodeForm = visit.form
    checkout = await found(visit)
    back = form.back if form.back in _BACK else CHECKOUT
    if checkout is None or stand(checkout, visit) is not Stand.OPEN:
        return Moved(back)
    if form.remove:
        kept = tuple(one for one in checkout.wishes.codes if one != form.remove)
        await changed(visit, checkout, {"codes": kept})
        return Moved(back, done(visit.language("The code is removed.")))
    return Moved(back, await _with_code(visit, checkout, form.code))


async def again(visit: Visit) -> Moved:
    """The same things in a new cart, when the time of the last one has passed."""
    checkout = await found(visit)
    if checkout is None or stand(checkout, visit) is not Stand.OVER:
        return Moved(CHECKOUT)
    fresh = await opened(visit, checkout.wishes.lines)
    return Moved(CHECKOUT, done(visit.language("Here are the same things again.")), cart=fresh.id)


async def _with_code(visit: Visit, checkout: Checkout, text: str) -> tuple[Said, ...]:
    before, language = checkout.wishes.codes, visit.language
    if not text or len(text) > _CODE_CHARS_MAX or not text.isprintable() or len(before) >= _CODES_MAX:
        return warned(language("This code cannot be used."))
    if text.casefold() in {one.casefold() for one in before}:
        return hinted(language("This code is used already."))
    after = await changed(visit, checkout, {"codes": (*before, text)})
    path = f"codes[{len(before)}]"
    wrong = [one for one in after.problems if one.path.startswith(path)]
    if wrong:
        await changed(visit, after, {"codes": before})
        return warned(language.sentence(wrong[0].message))
    return done(differences(checkout, after, None, language) or language("The code is used."))


def _wanted(checkout: Checkout, form: CartForm, visit: Visit) -> tuple[LineWish, ...]:
    """The lines as the form has them. Refused when it is not about these lines."""
    lines = checkout.wishes.lines
    if form.version != checkout.version or len(form.quantity) != len(lines):
        raise Conflict("checkout_changed", "The cart has changed.")
    pairs = list(zip(lines, form.quantity, strict=True))
    kept = [pair for position, pair in enumerate(pairs, 1) if position != form.remove and pair[1] != "0"]
    return tuple(LineWish(line.sku, quantity_of(text, visit), line.unit_price_minor) for line, text in kept)


async def _cart(visit: Visit, wrong: str, status: int) -> Shown | Moved:
    checkout = await looked_at(visit)
    at = stand(checkout, visit)
    if at is Stand.OVER:
        return page(visit, "over", checkout, {})
    if at is not Stand.OPEN and checkout is not None:
        return page(visit, "cart", None, {"here": CART, "wrong": ""}, 200)
    return page(visit, "cart", checkout, {"here": CART, "wrong": wrong}, status)
