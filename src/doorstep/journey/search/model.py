"""The terms of an order, and the words that somebody looks for. Pure."""

import re
from collections.abc import Iterable
from unicodedata import combining, normalize

from doorstep.journey.addresses.phones import national_digits
from doorstep.journey.order import Order
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import OrderId, moment_ms_of

TEXT_CHARS_MAX = 200
WORDS_MAX = 6
TERM_CHARS_MIN = 2
TERM_CHARS_MAX = 64
WEEK_MS = 7 * 86_400_000

_LAST = "\U0010ffff"
_DIGITS = re.compile(r"\D+", re.ASCII)
_PHONE = re.compile(r"[+(]?[\d\s()/.+-]{4,}", re.ASCII)

Term = tuple[int, str, OrderId]
"""A word that an order is found by, under the week in which the order began."""


def folded(text: str) -> str:
    """Small letters without accents, so that "Zoë" is found by "zoe"."""
    if text.isascii():
        return text.lower()
    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))


def week_of(order_id: OrderId) -> int:
    """The week since 1970 in which an order began, as its id tells."""
    return moment_ms_of(order_id) // WEEK_MS


def terms_of(order: Order) -> list[Term]:
    """Number, e-mail, words of names, digits of the phone numbers, SKUs and postcode, each once."""
    buyer, address = order.buyer, order.address
    names = folded(f"{buyer.name} {address.name}").split()
    postcode = folded(address.postcode).split()
    skus = (folded(line.sku) for line in order.lines)
    words = {order.number, folded(buyer.email), *names, *postcode, "".join(postcode), *_phones(order), *skus}
    return _terms(order.id, words)


def parcel_terms(order_id: OrderId, tracking_number: str) -> list[Term]:
    """The tracking number of a parcel."""
    return _terms(order_id, ["".join(folded(tracking_number).split())])


def wanted(text: str) -> tuple[str, ...]:
    """The words of a search, each of which must begin a term of the order. Refused when there are too many, or a word
    is too short. What looks like a phone number is one word of digits.
    """
    text = text.replace("\0", " ").strip()
    if len(text) > TEXT_CHARS_MAX:
        raise Refused("bad_search", f"Search for at most {TEXT_CHARS_MAX} characters.", {"q": "too long"})
    words = [_phone(text)] if _PHONE.fullmatch(text) else folded(text).split()
    words = list(dict.fromkeys(word[:TERM_CHARS_MAX] for word in words))
    if len(words) > WORDS_MAX:
        raise Refused("bad_search", f"Search for at most {WORDS_MAX} words.", {"q": "too many words"})
    if any(len(word) < TERM_CHARS_MIN for word in words):
        raise Refused("bad_search", f"Each word has at least {TERM_CHARS_MIN} characters.", {"q": "too short"})
    return tuple(words)


def after_prefix(word: str) -> str:
    """The end of the range of terms that begin with a word."""
    return word + _LAST


def _phones(order: Order) -> set[str]:
    """The digits of each phone number, as it is dialed from abroad and at home."""
    numbers = {order.buyer.phone, order.address.phone} - {""}
    return {digits for one in numbers for digits in (_phone(one), national_digits(one))}


def _phone(text: str) -> str:
    digits = _DIGITS.sub("", text)
    return digits.removeprefix("00")


def _terms(order_id: OrderId, words: Iterable[str]) -> list[Term]:
    week = week_of(order_id)
    return [(week, word[:TERM_CHARS_MAX], order_id) for word in words if len(word) >= TERM_CHARS_MIN]
