"""State tables: a record's states and every legal way between them, as one literal that is read, drawn and obeyed."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from doorstep.kernel.errors import Refused

State = TypeVar("State", bound=StrEnum)


class StateTable(Generic[State]):
    """Rows of (from, event, to). There is no other way to change a state.

    Checked when made: an event leads from a state to one state only, every state is reachable from `start`, and each
    state that is not an end has a way out.
    """

    def __init__(
        self, record: str, start: State, ends: Iterable[State], rows: Iterable[tuple[State, str, State]]
    ) -> None:
        self.record = record
        self.start = start
        self.ends = frozenset(ends)
        self.rows = tuple(rows)
        self._next = {(state, event): target for state, event, target in self.rows}
        self._check()

    def next(self, state: State, event: str) -> State:
        """The state after an event, or Refused when the table has no such row."""
        try:
            return self._next[state, event]
        except KeyError:
            legal = ", ".join(sorted(self.events(state))) or "nothing"
            raise Refused(
                "illegal_transition", f"{self.record} is {state}: {event!r} is not possible, only {legal}."
            ) from None

    def allows(self, state: State, event: str) -> bool:
        """Whether an event is legal in a state."""
        return (state, event) in self._next

    def events(self, state: State) -> set[str]:
        """The events that are legal in a state."""
        return {event for source, event, _ in self.rows if source is state}

    def _check(self) -> None:
        if len(self._next) != len(self.rows):
            raise ValueError(f"{self.record}: an event leads to two states")
        if unreached := set(type(self.start)) - self._reached():
            raise ValueError(f"{self.record}: never reached: {sorted(unreached)}")
        if stuck := {state for state in type(self.start) if not self.events(state)} - self.ends:
            raise ValueError(f"{self.record}: no way out of {sorted(stuck)}")

    def _reached(self) -> set[State]:
        reached, fresh = {self.start}, {self.start}
        while fresh:
            fresh = {target for source, _, target in self.rows if source in fresh} - reached
            reached |= fresh
        return reached
