"""One pass over a plan's tables: what was written becomes values for the records, and every problem a finding."""

from collections.abc import Callable, Iterator, Mapping

from doorstep.plan.findings import Finding, KeyPath, did_you_mean, dotted, nearest, shown
from doorstep.plan.kinds import AMOUNT, COUNTRY, CURRENCY, ID, Kind, Wrong, minor_units
from doorstep.plan.positions import line_at
from doorstep.plan.sections import Key, Section, Shape

Values = dict[str, object]
"""What could be read of one table, by the names of its record's fields. A faulty setting is left out."""


class Reading:
    """The state of the pass. `finish` is called with each table that was read: it fills in and checks across keys."""

    def __init__(self, file: str, lines: Mapping[KeyPath, int], finish: "Finish") -> None:
        self.findings: list[Finding] = []
        self.currency: str | None = None
        self.country: str | None = None
        self._file = file
        self._lines = lines
        self._finish = finish
        self._faulty: set[KeyPath] = set()

    def plan(self, section: Section, tables: Mapping[str, object]) -> Values:
        """Read the whole plan. The store's currency and country come first: others are read by them."""
        store = tables.get("store")
        if isinstance(store, dict):
            self.currency = _valid(CURRENCY, store.get("currency"))
            self.country = _valid(COUNTRY, store.get("country"))
        return self._section(section, tables, ())

    def wrong(self, path: KeyPath, message: str, suggestion: str = "") -> None:
        """Report a problem at a key."""
        self._faulty.add(path)
        self.findings.append(Finding(self._file, self.line(path), dotted(path), message, suggestion))

    def line(self, path: KeyPath) -> int:
        """The line of a key."""
        return line_at(self._lines, path)

    def is_clean(self, path: KeyPath) -> bool:
        """Whether nothing at or under a key is faulty."""
        return not any(faulty[: len(path)] == path for faulty in self._faulty)

    def _section(self, section: Section, table: object, path: KeyPath, given: str = "") -> Values:
        """Read one table. `given` is the field that the table's own name has filled already."""
        if not isinstance(table, Mapping):
            self.wrong(path, f"{shown(table)} stands where a table is needed.", f"Write it as [{dotted(path)}].")
            return {}
        keys = {key.name: key for key in section.keys if key.name != given}
        meant = self._unknown_keys(table, keys, path)
        values: Values = {}
        for name, key in keys.items():
            if name in table:
                values.update((name, value) for value in self._value(key, table[name], (*path, name)))
            elif section.is_required(key) and name not in meant:
                self.wrong((*path, name), "This setting is missing.", key.meaning)
        if given:
            values[given] = path[-1]
        self._finish(section, values, path, self)
        return values

    def _unknown_keys(self, table: Mapping[str, object], keys: Mapping[str, Key], path: KeyPath) -> set[str]:
        """Report keys that do not exist; returns the names that they were probably meant to be."""
        meant = set()
        for name in table:
            if name not in keys:
                near = nearest(name, (other for other in keys if other not in table))
                known = ", ".join(f"`{key}`" for key in keys)
                self.wrong((*path, name), "There is no such setting.", did_you_mean(near) or f"Known here: {known}.")
                meant.add(near)
        return meant

    def _value(self, key: Key, value: object, path: KeyPath) -> Iterator[object]:
        """The value of a setting, or nothing when it is faulty."""
        match key.shape, value:
            case Shape.ONE, _:
                yield from self._one(key.kind, value, path)
                return
            case _, list() | dict() if key.needs_one and not value:
                self.wrong(path, "At least one is needed here.", key.meaning)
            case Shape.TABLES, dict() if isinstance(key.kind, Section):
                yield [self._named(key.kind, name, table, (*path, name)) for name, table in value.items()]
            case _, list():
                yield self._list(key.kind, value, path)
            case Shape.TABLES, _:
                self.wrong(path, f"{shown(value)} stands where tables are needed.", f"Write [{dotted(path)}.main].")
            case _:
                self.wrong(path, f"{shown(value)} is not a list.", "Write a list in brackets, like [1, 2].")

    def _one(self, kind: Kind | Section, value: object, path: KeyPath) -> Iterator[object]:
        if isinstance(kind, Section):
            yield self._section(kind, value, path)
            return
        try:
            yield self._by_kind(kind, value)
        except Wrong as wrong:
            self.wrong(path, wrong.message, wrong.suggestion)

    def _by_kind(self, kind: Kind, value: object) -> object:
        read = kind.read(value)
        return minor_units(str(read), self.currency) if kind is AMOUNT else read

    def _named(self, section: Section, name: str, table: object, path: KeyPath) -> Values:
        list(self._one(ID, name, path))
        return self._section(section, table, path, given=section.keyed_by)

    def _list(self, kind: Kind | Section, items: list[object], path: KeyPath) -> list[object]:
        values: list[object] = []
        first: dict[object, KeyPath] = {}
        for place, item in enumerate(items):
            for value in self._one(kind, item, (*path, place)):
                name = value.get(kind.keyed_by) if isinstance(kind, Section) and isinstance(value, dict) else value
                self._check_once(name, first, (*path, place))
                values.append(value)
        return values

    def _check_once(self, name: object, first: dict[object, KeyPath], path: KeyPath) -> None:
        if name is None:
            return
        if name in first:
            self.wrong(path, f"{shown(name)} is given twice, first on line {self.line(first[name])}.", "Remove one.")
        first.setdefault(name, path)


Finish = Callable[[Section, Values, KeyPath, Reading], None]


def _valid(kind: Kind, value: object) -> str | None:
    try:
        return str(kind.read(value))
    except Wrong:
        return None


def tables_of(values: Values, name: str) -> list[Values]:
    """The tables of a list, as far as they could be read."""
    tables = values.get(name)
    return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []
