"""Writing the next step: what the stores' tables have and the history so far does not."""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from types import NoneType
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import MigrateOperation, UpgradeOps
from sqlalchemy import BigInteger, Column, Connection, DefaultClause, Text, create_engine

from doorstep.kernel.errors import Refused
from doorstep.storage.migrations.tables import all_tables
from doorstep.storage.migrations.upgrade import take_steps
from doorstep.storage.migrations.version import VERSIONS, known
from doorstep.storage.schema import Exact

_STEP = '''"""{title}."""

{imports}

revision = "{revision}"
down_revision{previous}


def upgrade(op: Operations) -> None:
    """Take this step."""
{calls}
'''
_FUNCTION = "\n\ndef {name}(op: Operations) -> None:\n{body}\n"
_WORDS = {Text: "text", BigInteger: "whole", Exact: "exact"}


def write_step(name: str, *, replace: bool = False) -> Path:
    """Write the step after the newest, or with `replace` in its place, and return the file; it is not formatted.

    Refused when the name is no identifier, or when the tables are as the history leaves them.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise Refused("bad_name", f"{name!r} is no name for a step: write small letters and underscores, as add_bins.")
    before = known()[:-1] if replace else known()
    text = _text(name, before)
    for old in VERSIONS.glob(f"r{len(before) + 1:04}_*.py"):
        old.unlink()
    path = VERSIONS / f"r{len(before) + 1:04}_{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def _text(name: str, before: Sequence[str]) -> str:
    with create_engine("sqlite://").begin() as connection:
        if before:
            take_steps(connection, before[-1])
        functions = _functions(connection)
    if not functions:
        raise Refused("nothing_to_migrate", "The tables are as the history leaves them: there is nothing to write.")
    code = "".join(_FUNCTION.format(name=name, body=body) for name, body in functions.items())
    step = _STEP.format(
        title=name.replace("_", " ").capitalize(),
        imports=_imports(code),
        revision=f"{len(before) + 1:04}",
        previous=f' = "{before[-1]}"' if before else ": str | None = None",
        calls="\n".join(f"    {function}(op)" for function in functions),
    )
    return step + code


def _functions(connection: Connection) -> dict[str, str]:
    """A function for each table, by name: with many tables, one for all would be long."""
    context = MigrationContext.configure(connection, opts={"render_item": _column})
    lacking = produce_migrations(context, all_tables()).upgrade_ops
    operations = sorted(lacking.ops, key=_table) if lacking else []
    return {f"_{table}": _code([*group], context) for table, group in groupby(operations, _table)}


def _table(operation: Any) -> str:
    name: str = operation.table_name
    return name


def _code(operations: list[MigrateOperation], context: MigrationContext) -> str:
    code = render_python_code(UpgradeOps(operations), render_item=_column, migration_context=context)
    lines = code.replace(", unique=False", "").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("# ###"))


def _imports(code: str) -> str:
    words = [word for word in _WORDS.values() if re.search(rf"(?<!\.)\b{word}\(", code)]
    first = (["import sqlalchemy as sa"] if "sa." in code else []) + ["from alembic.operations import Operations"]
    own = [f"from doorstep.storage.schema import {', '.join(words)}"] if words else []
    return "\n".join([*first, *([""] if own else []), *own])


def _column(kind: str, item: Any, _context: object) -> Any:
    """The schema's own words for columns, which make the primary key as well (None); Alembic's for the rest (False)."""
    if kind == "primary_key":
        return None if all(_is_plain(column) for column in item.table.columns) else False
    if kind != "column" or not _is_plain(item):
        return False
    marks = [mark for mark, is_so in ((", key=True", item.primary_key), (", null=True", item.nullable)) if is_so]
    if item.server_default is not None:
        marks.append(f", otherwise={item.type.python_type(item.server_default.arg)!r}".replace("'", '"'))
    return f'{_WORDS[type(item.type)]}("{item.name}"{"".join(marks)})'


def _is_plain(column: "Column[Any]") -> bool:
    return type(column.type) in _WORDS and isinstance(column.server_default, NoneType | DefaultClause)
