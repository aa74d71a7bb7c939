"""How the settings of a plan are described: sections of keys, each with its kind, its default and its meaning.

`keys.py` holds the one table made of these; the loader, the template and the reference all read it.
"""

from enum import Enum, auto
from functools import cache

from msgspec import NODEFAULT, Struct, structs

from doorstep.plan.kinds import Kind


class Shape(Enum):
    """How often a value stands under its key."""

    ONE = auto()
    LIST = auto()
    TABLES = auto()  # tables named by their key, `[locations.main]`, or an array of tables that hold it


class Key(Struct, frozen=True, kw_only=True):
    """One setting.

    `when_absent` says in words what holds when it is not written, for defaults that follow from other settings.
    `example` is TOML for a setting that has no default to show. `needs_one`: an empty list is an error.
    """

    name: str
    kind: "Kind | Section"
    meaning: str
    shape: Shape = Shape.ONE
    needs_one: bool = False
    when_absent: str = ""
    example: str = ""


class Section(Struct, frozen=True, kw_only=True):
    """A table of settings, and the record that it becomes. `keyed_by` is the field that its table's name fills."""

    title: str
    record: type[Struct]
    meaning: str
    keys: tuple[Key, ...]
    keyed_by: str = ""

    def default(self, name: str) -> object:
        """What a setting is when it is not written; NODEFAULT when the record has none."""
        return _defaults(self.record).get(name, NODEFAULT)

    def is_required(self, key: Key) -> bool:
        """Whether a plan must write this setting."""
        return key.name in _defaults(self.record) and self.default(key.name) is NODEFAULT and not key.when_absent


def one(name: str, kind: Kind | Section, meaning: str, when_absent: str = "", example: str = "") -> Key:
    """A setting with one value."""
    return Key(name=name, kind=kind, meaning=meaning, when_absent=when_absent, example=example)


def some(name: str, kind: Kind | Section, meaning: str, example: str = "") -> Key:
    """A setting with a list of values, which may be empty."""
    return Key(name=name, kind=kind, meaning=meaning, shape=Shape.LIST, example=example)


def at_least_one(name: str, kind: Kind | Section, meaning: str, when_absent: str = "") -> Key:
    """A setting with a list of values, which may not be empty; sections with a key of their own are named tables."""
    named = isinstance(kind, Section) and kind.keyed_by
    return Key(
        name=name,
        kind=kind,
        meaning=meaning,
        shape=Shape.TABLES if named else Shape.LIST,
        needs_one=True,
        when_absent=when_absent,
    )


def tables(name: str, section: Section, meaning: str) -> Key:
    """Tables named by their keys, of which there may be none."""
    return Key(name=name, kind=section, meaning=meaning, shape=Shape.TABLES)


@cache
def _defaults(record: type[Struct]) -> dict[str, object]:
    return {field.name: field.default for field in structs.fields(record)}
