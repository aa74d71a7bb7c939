"""What tables are made of. Stores define their own tables on `metadata`; texts and whole numbers are all they hold.

Times are milliseconds since 1970 (`…_at_ms`), amounts are minor units, documents are JSON text. So a row needs no
conversion on either database.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, MetaData, Text, literal_column, or_

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    """A text column; `key` makes it part of the primary key."""
    return Column(name, Text, primary_key=key, nullable=null)


def whole(name: str, *, key: bool = False, null: bool = False) -> Column[int]:
    """A column of 64-bit whole numbers."""
    return Column(name, BigInteger, primary_key=key, nullable=null, autoincrement=False)


def constant(value: str | int) -> ColumnElement[Any]:
    """A value written into the SQL itself, so that an index on some rows (`WHERE owner = 0`) is seen to apply."""
    quoted = str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
    return literal_column(quoted)


def one_of(column: Column[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column has one of a few fixed values."""
    return or_(*(column == constant(value) for value in values))
