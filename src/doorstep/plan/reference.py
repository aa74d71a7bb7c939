"""The reference of the plan for people, made from the same table that the loader reads."""

from collections.abc import Iterator

from msgspec import NODEFAULT

from doorstep.plan.keys import PLAN
from doorstep.plan.sections import Key, Section, Shape
from doorstep.plan.template import literal

SMALLEST = """\
[store]
name = "Mill Lane Tea"
country = "GB"
currency = "GBP"
[locations.main]
[payment.methods.card]
provider = "sandbox"
[shipping.zones.home]
countries = ["GB"]
[shipping.services.standard.rates.home]
price = "4.95"
"""
"""A plan with nothing but what must be said."""

_HEAD = f"""\
# The plan

`plan.toml` says how a store works. It is [TOML](https://toml.io) and strict: a setting that does not exist, or a value
that makes no sense, is reported with its line, and nothing runs until it is right. `doorstep new` writes a commented
plan; this is the smallest one:

```toml
{SMALLEST}```

- **Amounts** are decimals in the store's currency, `"4.95"` or `4.95`, and are read exactly.
- **Times** are `"15:00"` in the store's time zone.
- **Countries** are ISO 3166 codes of two letters, **currencies** ISO 4217 codes of three.
- **Ids** have up to 64 letters, digits, `-` and `_`. What has an id is a table named by it, `[locations.main]`; an
  array of tables, `[[locations]]` with `id = "main"`, says the same. Where order matters, it is that of the file.

This page is generated from the settings themselves.
"""


def reference_markdown() -> str:
    """Every section with its settings: key, type, default and meaning."""
    return "\n".join([_HEAD, *(_described(section) for section in _sections(PLAN))])


def _sections(around: Section) -> Iterator[Section]:
    for key in around.keys:
        if isinstance(key.kind, Section):
            yield key.kind
            yield from _sections(key.kind)


def _described(section: Section) -> str:
    rows = "".join(_row(section, key) for key in section.keys if key.name != section.keyed_by)
    table = f"\n| key | type | default | meaning |\n|---|---|---|---|\n{rows}" if rows else ""
    return f"## `[{section.title}]`\n\n{section.meaning}\n{table}"


def _row(section: Section, key: Key) -> str:
    cells = (f"`{key.name}`", _type(key), _default(section, key), key.meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _type(key: Key) -> str:
    if isinstance(key.kind, Section):
        return "table" if key.shape is Shape.ONE else f"tables, `[{key.kind.title}]`"
    name = f"list of: {key.kind.name}" if key.shape is Shape.LIST else key.kind.name
    return f"{name}; at least one" if key.needs_one else name


def _default(section: Section, key: Key) -> str:
    if key.when_absent:
        return key.when_absent
    if section.is_required(key):
        return "required"
    default = section.default(key.name)
    return "–" if default is NODEFAULT or default is None else f"`{literal(default)}`"
