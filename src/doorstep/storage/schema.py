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


class Exact(Text):
    """Text that is compared byte by byte."""


def text(name: str, *, key: bool = False, null: bool = False, otherwise: str | None = None) -> Column[str]:
    """A text column; `key` makes it part of the primary key, `otherwise` is what rows have that were there before."""
    return Column(name, Text, primary_key=key, nullable=null, server_default=otherwise)


def exact(name: str, *, key: bool = False) -> Column[str]:
    """A text column whose values are compared byte by byte, whatever the database's language, so that a prefix is a
    range.
    """
    return Column(name, Exact().with_variant(Text(collation="C"), "postgresql"), primary_key=key, nullable=False)


def whole(name: str, *, key: bool = False, null: bool = False, otherwise: int | None = None) -> Column[int]:
    """A column of 64-bit whole numbers."""
    default = None if otherwise is None else str(otherwise)
    return Column(name, BigInteger, primary_key=key, nullable=null, autoincrement=False, server_default=default)


def constant(value: str | int) -> ColumnElement[Any]:
    """A value written into the SQL itself, so that an index on some rows (`WHERE owner = 0`) is seen to apply."""
    quoted = str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
    return literal_column(quoted)


def one_of(column: Column[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column has one of a few fixed values."""
    return or_(*(column == constant(value) for value in values))
