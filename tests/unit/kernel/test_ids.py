"""Ids sort by time, never meet, and name what follows from what."""

from hypothesis import given
from hypothesis import strategies as st

from doorstep.kernel.ids import CheckoutId, chance, child, id_from, moment_ms_of, new_id, order_of

_MILLISECONDS, _CHANCE = st.integers(0, 2**48 - 1), st.integers(0, 2**80 - 1)


@given(_MILLISECONDS, _CHANCE, _MILLISECONDS, _CHANCE)
def test_ids_sort_as_their_moments_do(first: int, a: int, second: int, b: int) -> None:
    assert (id_from("ord", first, a) < id_from("ord", second, b)) == ((first, a) < (second, b))


@given(_MILLISECONDS, _CHANCE)
def test_an_id_has_its_prefix_and_26_letters(milliseconds: int, luck: int) -> None:
    prefix, _, letters = id_from("chk", milliseconds, luck).partition("_")
    assert (prefix, len(letters)) == ("chk", 26)


def test_many_ids_of_one_moment_are_all_different() -> None:
    assert len({new_id("chk") for _ in range(10_000)}) == 10_000


def test_a_checkout_becomes_one_order() -> None:
    first, second = CheckoutId(new_id("chk")), CheckoutId(new_id("chk"))
    assert order_of(first) == order_of(first) != order_of(second)


def test_an_order_sorts_with_its_checkout_and_does_not_give_it_away() -> None:
    checkout = new_id("chk")
    order = order_of(CheckoutId(checkout))
    assert (order[4:14], len(order)) == (checkout[4:14], len(checkout))
    assert order[14:] != checkout[14:]


@given(_MILLISECONDS, _CHANCE)
def test_an_id_tells_its_moment(moment: int, a: int) -> None:
    assert moment_ms_of(id_from("ord", moment, a)) == moment


def test_what_follows_is_named_after_what_it_follows_from() -> None:
    assert child("par", child("ful", "ord_0ABC", "1"), 2) == "par_0ABC-1-2"


def test_chance_is_a_part_of_one() -> None:
    assert all(0 <= chance() < 1 for _ in range(1000))
