"""Tables that only grow: the database itself refuses to change or delete a row of theirs."""

from alembic.operations import Operations


def keep_append_only(op: Operations, table: str) -> None:
    """Let a table's rows be written and read, and never changed or deleted again. To be called after it is made."""
    statements = _on_postgres(table) if op.get_bind().dialect.name == "postgresql" else _on_sqlite(table)
    for statement in statements:
        op.execute(statement)


def _on_sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for act in ("UPDATE", "DELETE")
    ]


def _on_postgres(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()",
    ]
