"""Every state table of the program, found where records are decided about."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import doorstep
from doorstep.kernel.states import StateTable


def state_tables() -> dict[str, StateTable[Any]]:
    """State tables by the name of their record, in the order of their rooms."""
    found: dict[str, StateTable[Any]] = {}
    for module in _models():
        for value in vars(module).values():
            if isinstance(value, StateTable):
                found.setdefault(value.record, value)
    return found


def drawn(table: StateTable[Any]) -> str:
    """A state table as Markdown: its states in order of their appearance, and every way out of each."""
    rows = [f"| {_name(state)} | {_meaning(table, state)} | {_ways(table, state)} |" for state in type(table.start)]
    return "\n".join([f"### {table.record}", "", "| state | | ways on |", "|---|---|---|", *rows, ""])


def _models() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(doorstep.__path__, "doorstep."):
        if "model" in module.name.split("."):
            yield importlib.import_module(module.name)


def _meaning(table: StateTable[Any], state: Any) -> str:
    parts = ["begins here"] if state is table.start else []
    parts += ["may end here"] if state in table.ends else []
    return ", ".join(parts)


def _ways(table: StateTable[Any], state: Any) -> str:
    return ", ".join(f"{event.replace('_', ' ')} → {_name(to)}" for source, event, to in table.rows if source is state)


def _name(state: Any) -> str:
    return str(state.value).replace("_", " ")
