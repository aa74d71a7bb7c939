"""The words that an order is found by, and those that somebody looks for."""

import pytest
from msgspec.structs import replace

from doorstep.journey.order import Address, Buyer
from doorstep.journey.search.model import WEEK_MS, terms_of, wanted, week_of
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import OrderId, id_from
from tests.laws.stories import an_order

ZOE = replace(
    an_order(1),
    number="1001",
    buyer=Buyer("Zoe.B@Example.org", "Zoë Brontë", "+44 (0)20 7946-0001"),
    address=Address("GB", "Zoë B", "1 High Street", "Leeds", "LS1 1UR"),
)


def test_an_order_is_found_by_its_words() -> None:
    words = {
        "1001",
        "zoe.b@example.org",
        "zoe",
        "bronte",
        "4402079460001",
        "02079460001",
        "sku1",
        "ls1",
        "1ur",
        "ls11ur",
    }
    assert {term for _, term, _ in terms_of(ZOE)} == words


def test_the_week_is_that_in_which_the_order_began() -> None:
    assert week_of(OrderId(id_from("ord", 3 * WEEK_MS, 7))) == 3
    assert week_of(OrderId(id_from("ord", 3 * WEEK_MS - 1, 7))) == 2


def test_an_id_that_is_none_of_ours_has_a_week_too() -> None:
    assert week_of(OrderId("ord_none")) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Brontë  ZOË ", ("bronte", "zoe")),
        ("+44 20 7946", ("44207946",)),
        ("0044 20", ("4420",)),
        ("100% of_it", ("100%", "of_it")),
        ("zoe zoe", ("zoe",)),
        ("", ()),
        ("LS1 1UR", ("ls1", "1ur")),
    ],
)
def test_what_is_looked_for(text: str, words: tuple[str, ...]) -> None:
    assert wanted(text) == words


@pytest.mark.parametrize("text", ["a", "zoe b", "x" * 201, "aa bb cc dd ee ff gg"])
def test_what_cannot_be_looked_for_is_said_so(text: str) -> None:
    with pytest.raises(Refused) as refused:
        wanted(text)
    assert refused.value.code == "bad_search"
