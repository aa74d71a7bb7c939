"""Every page for shoppers: the shop, the checkout, and the practice bank."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from doorstep.kernel.errors import DoorstepError
from doorstep.web.pages.page import Page, Visit, Who
from doorstep.web.pages.shop import browse, cart, challenge, delivery, ended, kept, paying, talk, who

_Run = Callable[[Visit], Awaitable[Any]]
_Again = Callable[[Visit, DoorstepError], Awaitable[Any]]


def _seen(path: str, run: _Run) -> Page:
    """A page that anybody may look at."""
    return Page(method="GET", path=path, run=run, who=Who.ANYBODY)


def _sent(path: str, run: _Run, form: type[Struct] | None = None, again: _Again | None = None) -> Page:
    """A form that anybody may send. It guesses no secret: what it is about is named by a cookie."""
    return Page(method="POST", path=path, run=run, who=Who.ANYBODY, form=form, again=again, guesses=False)


SHOP: tuple[Page, ...] = (
    _seen(kept.SHOP, browse.shop),
    _seen(f"{kept.SHOP}/items", browse.item),
    _seen(f"{kept.SHOP}/items/{{name}}", browse.item),
    _sent(f"{kept.CART}/lines", browse.add, browse.AddForm, browse.add_again),
    _seen(kept.CART, cart.cart),
    _sent(kept.CART, cart.update, cart.CartForm, cart.update_again),
    _seen(kept.CHECKOUT, who.who),
    _sent(kept.CHECKOUT, who.said_who, who.WhoForm, who.who_again),
    _sent(f"{kept.CHECKOUT}/code", cart.code, cart.CodeForm),
    _sent(f"{kept.CHECKOUT}/answer", talk.answer, talk.AnswerForm, talk.answer_again),
    _seen(f"{kept.CHECKOUT}/resume/{{name}}", talk.resume),
    _sent(f"{kept.CHECKOUT}/again", cart.again),
    _seen(kept.DELIVERY, delivery.delivery),
    _sent(kept.DELIVERY, delivery.choose, delivery.DeliveryForm, delivery.choose_again),
    _seen(kept.PAYMENT, paying.payment),
    _sent(kept.PAYMENT, paying.pay, paying.PayForm, paying.pay_again),
    _seen(kept.WAITING, ended.waiting),
    _sent(kept.WAITING, ended.look),
    _seen(kept.DONE, ended.confirmation),
    _seen(f"{challenge.CHALLENGE}/{{name}}", challenge.challenge),
    _sent(f"{challenge.CHALLENGE}/{{name}}", challenge.answer, challenge.ChallengeForm),
)
