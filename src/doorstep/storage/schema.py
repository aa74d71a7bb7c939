"""What tables are made of. Stores define their own tables on `metadata`; texts and whole numbers are all they hold.

Times are milliseconds since 1970 (`…_at_ms`), amounts are minor units, documents are JSON text. So a row needs no
conversion on either database.
"""

from sqlalchemy import BigInteger, Column, MetaData, Text

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
