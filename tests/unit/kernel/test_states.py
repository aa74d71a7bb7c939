"""A state table is checked when it is made, and every table of the house is whole."""

import importlib
from enum import StrEnum

import pytest

from doorstep.kernel.errors import Refused
from doorstep.kernel.states import StateTable
from tests.house.source import PACKAGE, sources


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"
    MENDED = "mended"


_ROWS = [(Lamp.OFF, "press", Lamp.ON), (Lamp.ON, "press", Lamp.OFF), (Lamp.ON, "burn", Lamp.BROKEN)]
_MEND = [(Lamp.BROKEN, "mend", Lamp.MENDED)]


def _lamp(*rows: tuple[Lamp, str, Lamp], ends: tuple[Lamp, ...] = (Lamp.MENDED,)) -> StateTable[Lamp]:
    return StateTable("Lamp", Lamp.OFF, ends, rows)


def test_an_event_leads_to_the_next_state() -> None:
    assert _lamp(*_ROWS, *_MEND).next(Lamp.ON, "burn") is Lamp.BROKEN


def test_what_the_table_does_not_say_is_refused_with_what_it_does_say() -> None:
    with pytest.raises(Refused, match="Lamp is on: 'mend' is not possible, only burn, press"):
        _lamp(*_ROWS, *_MEND).next(Lamp.ON, "mend")


def test_nothing_is_possible_at_an_end() -> None:
    table = _lamp(*_ROWS, *_MEND)
    assert (table.events(Lamp.MENDED), table.allows(Lamp.MENDED, "press")) == (set(), False)


def test_an_event_leads_to_one_state_only() -> None:
    with pytest.raises(ValueError, match="leads to two states"):
        _lamp(*_ROWS, *_MEND, (Lamp.OFF, "press", Lamp.BROKEN))


def test_every_state_is_reached() -> None:
    with pytest.raises(ValueError, match="never reached"):
        _lamp(*_ROWS, ends=(Lamp.BROKEN,))


def test_states_that_reach_only_each_other_are_not_reached() -> None:
    island = [(Lamp.BROKEN, "mend", Lamp.MENDED), (Lamp.MENDED, "drop", Lamp.BROKEN)]
    with pytest.raises(ValueError, match=r"never reached: .*broken.*mended"):
        _lamp(*_ROWS[:2], *island)


def test_a_state_that_is_no_end_has_a_way_out() -> None:
    with pytest.raises(ValueError, match="no way out"):
        _lamp(*_ROWS, *_MEND, ends=())


def _tables() -> list[tuple[str, StateTable[StrEnum]]]:
    places = [source.place for source in sources("src") if "StateTable(" in source.text]
    modules = [importlib.import_module(f"{PACKAGE.name}.{place[:-3].replace('/', '.')}") for place in places]
    return [
        (name, table)
        for module in modules
        for name, table in vars(module).items()
        if isinstance(table, StateTable) and module.__name__ != StateTable.__module__
    ]


@pytest.mark.parametrize(("name", "table"), _tables())
def test_every_table_of_the_house_comes_to_an_end(name: str, table: StateTable[StrEnum]) -> None:
    ending = set(table.ends)
    for _ in table.rows:
        ending |= {source for source, _, target in table.rows if target in ending}
    assert ending == set(type(table.start)), f"{name}: some states never come to an end"


@pytest.mark.parametrize(("name", "table"), _tables())
def test_every_table_says_only_states_of_its_record(name: str, table: StateTable[StrEnum]) -> None:
    said = {table.start, *table.ends, *(state for source, _, target in table.rows for state in (source, target))}
    assert {type(state) for state in said} == {type(table.start)}, name


def test_the_house_has_state_tables() -> None:
    assert len(_tables()) >= 5
