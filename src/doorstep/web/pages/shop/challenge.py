"""The page of the practice bank at which a shopper says yes or no (3-D Secure). Only the sandbox leads here."""

from msgspec import Struct

from doorstep.kernel.errors import Missing
from doorstep.storage.gate import Priority
from doorstep.web.given import Challenges
from doorstep.web.pages.page import Moved, Shown, Visit
from doorstep.web.pages.shop.kept import WAITING, found
from doorstep.web.pages.shop.shown import page

CHALLENGE = "/sandbox/challenge"


class ChallengeForm(Struct, frozen=True):
    """What the shopper says to their bank."""

    answer: str = ""


async def challenge(visit: Visit) -> Shown:
    """The question."""
    bank = _bank(visit)
    amount = bank.challenged_amount(visit.name)
    return page(visit, "challenge", await found(visit), {"here": visit.path, "amount": amount})


async def answer(visit: Visit) -> Moved:
    """Take the answer, and have the bank asked at once what became of the payment."""
    _bank(visit).complete_challenge(visit.name, approved=visit.form.answer == "yes")
    async with visit.given.database.begin(Priority.REQUEST) as tx:
        await visit.given.payments.ask_now(tx, visit.name, visit.now)
    return Moved(WAITING)


def _bank(visit: Visit) -> Challenges:
    """The practice bank. Missing when this store has none."""
    if visit.given.practice_bank is None:
        raise Missing("no_such_page", "There is no page at this address.")
    return visit.given.practice_bank
