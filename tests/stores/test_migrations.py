"""A migrated database has what the stores' tables say, on SQLite and on PostgreSQL, whoever comes first."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, NullPool, Table, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from doorstep.kernel.errors import Refused
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate
from doorstep.storage.migrations.tables import all_tables
from doorstep.storage.migrations.upgrade import history
from doorstep.storage.migrations.version import VERSIONS, head, is_current, known
from doorstep.storage.migrations.write import write_step
from doorstep.storage.statement import Value, insert_rows, select_by

_START = "import asyncio, sys; from {module} import {name}; asyncio.run({name}({url!r})); print('alembic' in sys.modules)"


async def on[Found](url: str, look: Callable[[Connection], Found]) -> Found:
    """What a function finds on a connection of its own, kept when it writes."""
    if url.startswith("sqlite"):
        with create_engine(url, poolclass=NullPool).begin() as connection:
            return look(connection)
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        return await connection.run_sync(look)
