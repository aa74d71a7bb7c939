"""A plan as people read it: its parts with their settings, and which of those the store chose itself."""

from collections.abc import Iterator, Mapping
from datetime import time
from enum import Enum

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from doorstep.kernel.money import format_minor
from doorstep.plan.records import Plan

_AMOUNTS = {
    "amount",
    "amount_min",
    "amount_max",
    "review_over",
    "price",
    "free_over",
    "each_further_kg",
    "at_most",
    "minimum",
}
_NAMED_BY = ("id", "zone")
_NOTHING: tuple[object, ...] = (None, "", ())
_ANY_WEIGHT = 1_000_000_000


class Setting(Struct, frozen=True):
    """One setting: its name and value, and whether that is what holds without the store's saying so."""

    name: str
    value: str
    is_default: bool


class Part(Struct, frozen=True):
    """A table of the plan's file."""

    title: str
    settings: tuple[Setting, ...]

    @property
    def chosen(self) -> tuple[Setting, ...]:
        """What the store says itself."""
        return tuple(one for one in self.settings if not one.is_default)


def parts_of(plan: Plan) -> list[Part]:
    """Every table, in the order of the records."""
    return [part for field in fields(Plan) for part in _parts(field.name, getattr(plan, field.name), plan)]


def _parts(title: str, value: object, plan: Plan) -> Iterator[Part]:
    """The tables of a record, or of records that have a name; anything else is a setting of the table it is in."""
    if isinstance(value, Struct):
        settings = tuple(_settings(value, plan))
        if settings:
            yield Part(title, settings)
        for field in fields(value):
            yield from _parts(f"{title}.{field.name}", getattr(value, field.name), plan)
    elif named := _named(value):
        for name, one in named.items():
            yield from _parts(f"{title}.{name}", one, plan)


def _settings(record: Struct, plan: Plan) -> Iterator[Setting]:
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name not in _NAMED_BY and not isinstance(value, Struct) and not _named(value):
            has_default = field.default is not NODEFAULT
            yield Setting(field.name, _text(field.name, value, plan), has_default and value == field.default)


def _named(value: object) -> Mapping[str, Struct]:
    """Records by their names, when it is some of those."""
    if not isinstance(value, tuple):
        return {}
    found: dict[str, Struct] = {}
    for one in value:
        name = next((getattr(one, key) for key in _NAMED_BY if hasattr(one, key)), None)
        if name is None:
            return {}
        found[name] = one
    return found


def _text(name: str, value: object, plan: Plan) -> str:
    match value:
        case _ if value in _NOTHING:
            text = "–"
        case bool():
            text = "yes" if value else "no"
        case int() if name in _AMOUNTS:
            text = f"{format_minor(value, plan.store.currency)} {plan.store.currency}"
        case int() if value >= _ANY_WEIGHT:
            text = "any"
        case Enum():
            text = str(value.value)
        case time():
            text = f"{value:%H:%M}"
        case tuple():
            text = ("; " if isinstance(value[0], Struct) else ", ").join(_text(name, one, plan) for one in value)
        case Struct():
            said = [(field.name, getattr(value, field.name)) for field in fields(value)]
            text = ", ".join(f"{key} {_text(key, one, plan)}" for key, one in said if one not in _NOTHING)
        case _:
            text = str(value)
    return text
