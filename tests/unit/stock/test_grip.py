"""Several take from the same shelves in turn: what each change moves, and what it is called."""

from datetime import UTC, datetime

from doorstep.stock.model.balances import Movement, MovementKind, Stock
from doorstep.stock.model.holding import Grip, Reservation, ReservationState
from doorstep.stock.model.sourcing import Hold, Shelves, Source, Want

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
ONE = datetime(2024, 5, 6, 13, tzinfo=UTC)


def grip(*reservations: Reservation, on_hand: int = 10) -> Grip:
    """Mugs in the main location, of which some are held."""
    held = sum(source.quantity for one in reservations for source in one.held)
    return Grip(Shelves([Stock("MUG", "main", on_hand, held, 0)]), {one.key: one for one in reservations})


def held(count: int, revision: int = 0, state: ReservationState = ReservationState.ACTIVE) -> Reservation:
    return Reservation("o1", state, (Source("main", 1, "MUG", count),), NOON, revision)


def hold(count: int, key: str = "o1") -> Hold:
    return Hold(Want(key, ((1, "MUG", count),), ("main",)), NOON, ONE)


def moved(cause: str, kind: MovementKind, count: int) -> Movement:
    return Movement(cause, kind, "MUG", "main", NOON, reserved=count)


def test_the_first_hold_moves_under_its_own_key() -> None:
    hands = grip()
    hands.take(hold(4))
    changes = hands.changes()
    assert changes.movements == [moved("o1", MovementKind.RESERVED, 4)]
    assert ([one.revision for one in changes.new], changes.changed) == ([0], [])


def test_a_hold_that_grows_or_shrinks_moves_the_difference_under_another_name() -> None:
    for before, wanted, kind in ((4, 7, MovementKind.RESERVED), (4, 1, MovementKind.RELEASED)):
        hands = grip(held(before))
        hands.take(hold(wanted))
        assert hands.changes().movements == [moved("o1#1", kind, wanted - before)]


def test_a_hold_that_only_lasts_longer_moves_nothing() -> None:
    hands = grip(held(4))
    hands.take(hold(4))
    changes = hands.changes()
    assert (changes.movements, [one.expires_at for one in changes.changed]) == ([], [ONE])


def test_a_hold_that_cannot_grow_stays_as_it_is() -> None:
    hands = grip(held(4))
    assert hands.take(hold(11))[0].available == 10  # type: ignore[union-attr]  # it is a shortage
    assert (hands.held("o1"), hands.changes().movements) == (held(4).sources, [])


def test_what_is_dropped_is_free_for_the_next_in_turn() -> None:
    hands = grip(held(10))
    assert hands.drop("o1", NOON)
    hands.take(hold(10, "o2"))
    kinds = [(one.cause, one.kind) for one in hands.changes().movements]
    assert kinds == [("o1", MovementKind.RELEASED), ("o2", MovementKind.RESERVED)]


def test_what_was_held_and_dropped_in_one_turn_was_never_there() -> None:
    hands = grip()
    hands.take(hold(4))
    assert hands.drop("o1", NOON)
    assert not hands.drop("o1", NOON)
    assert hands.changes().movements == []


def test_a_hold_that_had_ended_begins_anew_under_another_name() -> None:
    hands = grip(held(4, 1, ReservationState.EXPIRED))
    hands.take(hold(4))
    assert hands.changes().movements == [moved("o1#2", MovementKind.RESERVED, 4)]


def test_lines_that_cannot_be_whole_leave_the_others() -> None:
    hands = grip()
    want = Want("o1", ((1, "MUG", 8), (2, "CUP", 1), (3, "MUG", 3), (4, "MUG", 2)), ("main",))
    short = hands.take_most(Hold(want, NOON, ONE))
    assert [(one.position, one.available) for one in short] == [(2, 0), (3, 2)]
    assert [(one.position, one.quantity) for one in hands.held("o1")] == [(1, 8), (4, 2)]
