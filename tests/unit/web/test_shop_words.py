"""What the shop says in words: how many there are, why not, and what a step changed."""

from datetime import UTC, datetime

import pytest

from doorstep.journey.placement.model.checkout import Checkout, CheckoutState
from doorstep.journey.placement.model.market import PLENTY
from doorstep.journey.placement.model.priced import Totals
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import CheckoutId
from doorstep.web.language import Language
from doorstep.web.pages.shop.words import availability, declined, differences, refusal

ENGLISH, GERMAN = Language("en", "GB", "Europe/London"), Language("de", "GB", "Europe/London")
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def checkout(totals: Totals, quantity: int = 1) -> Checkout:
    return Checkout(
        id=CheckoutId("chk_1"),
        state=CheckoutState.INCOMPLETE,
        version=1,
        created_at=NOW,
        expires_at=NOW,
        currency="GBP",
        wishes=Wishes(lines=(LineWish("MUG", quantity),)),
        totals=totals,
    )


BEFORE = checkout(Totals(1000, 0, 0, 0, 1000))


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "not available now"), (-3, "not available now"), (1, "only 1 left"), (5, "only 5 left"), (6, "in stock")],
)
def test_how_many_there_are(count: int, said: str) -> None:
    assert availability(count, ENGLISH)[0] == said


def test_what_is_sold_without_being_there_is_in_stock() -> None:
    assert availability(PLENTY, ENGLISH) == ("in stock", "good")


def test_a_step_that_changed_nothing_says_nothing() -> None:
    assert differences(BEFORE, BEFORE, 1000, ENGLISH) == ""


def test_a_step_says_what_it_added_and_what_it_was() -> None:
    after = checkout(Totals(1000, 500, 0, 0, 1500))
    assert differences(BEFORE, after, 1000, ENGLISH) == "Delivery costs £5.00. The total is £15.00; it was £10.00."


def test_a_price_that_changed_meanwhile_is_said_against_what_was_seen() -> None:
    after = checkout(Totals(1200, 0, 0, 0, 1200))
    said = differences(BEFORE, after, 900, ENGLISH)
    assert said == "The goods come to £12.00 instead of £10.00. The total is £12.00; it was £9.00."


def test_other_quantities_need_no_word_but_the_total() -> None:
    after = checkout(Totals(2000, 0, 0, 0, 2000), quantity=2)
    assert differences(BEFORE, after, None, ENGLISH) == "The total is £20.00; it was £10.00."


def test_refusals_are_said_in_the_language_or_as_they_are() -> None:
    assert (
        refusal(Refused("checkout_expired", "…"), GERMAN) == "Ihr Warenkorb ist abgelaufen. Es wurde nichts abgebucht."
    )
    assert refusal(Refused("nobody_knows", "As it is."), GERMAN) == "As it is."


@pytest.mark.parametrize("reason", ["", None, "declined"])
def test_a_decline_without_a_reason_is_a_no(reason: str | None) -> None:
    assert declined(reason, ENGLISH) == "Your payment was declined: the bank said no. Nothing was charged."
