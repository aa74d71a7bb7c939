"""API keys: made for a program, listed, revoked."""

from typing import Annotated

import typer

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import ApiKey, KeyWish
from doorstep.access.model.permissions import Permission
from doorstep.commands.screen import DatabaseUrl, database_of, minute, plain_table, run, say, screen, settings_with
from doorstep.kernel.clock import MachineClock
from doorstep.kernel.errors import Refused
from doorstep.settings import Settings
from doorstep.storage.migrations.migrate import migrate

Name = Annotated[str, typer.Argument(help="What the key is for, such as storefront.")]
KeyId = Annotated[str, typer.Argument(help="The key's id, as `doorstep keys` shows it.")]
Days = Annotated[int | None, typer.Option(min=1, help="How many days it is good for; without it, until it is revoked.")]
Scopes = Annotated[list[str] | None, typer.Option("--scope", help="What it may be used for; orders:read if left out.")]


def keys(context: typer.Context, database: DatabaseUrl = None) -> None:
    """List API keys. Their secrets are kept nowhere."""
    if context.invoked_subcommand:
        return
    found = run(_list(settings_with(database)))
    if not found:
        say("There are no keys. To make one: doorstep keys add NAME")
        return
    table = plain_table("id", "name", "scopes", "made", "last used", "state")
    for key in found:
        table.add_row(key.id, key.name, " ".join(key.scopes), minute(key.created_at), _used(key), _state(key))
    screen.print(table)


def add(name: Name, days: Days = None, scope: Scopes = None, database: DatabaseUrl = None) -> None:
    """Make an API key and show it, this once."""
    if not name.strip() or not name.isprintable():
        raise Refused("bad_name", "Say in a word what the key is for: doorstep keys add storefront")
    text = run(_add(settings_with(database), name.strip(), scope or [Permission.ORDERS_READ], days))
    say(f"{text}\n\nKeep it now: it is shown this once. Use it as the header Authorization: Bearer {text[:8]}…")


def revoke(key: KeyId, database: DatabaseUrl = None) -> None:
    """Let a key open nothing any more, from now on."""
    run(_revoke(settings_with(database), key))
    say(f"{key} is revoked.")


def _used(key: ApiKey) -> str:
    return minute(key.last_used_at) if key.last_used_at else "never"


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {minute(key.revoked_at)}"
    return f"until {minute(key.expires_at)}" if key.expires_at else "until it is revoked"


async def _list(settings: Settings) -> list[ApiKey]:
    async with database_of(settings) as database, database.read() as tx:
        return await Access().everything(tx)


async def _add(settings: Settings, name: str, scopes: list[str], days: int | None) -> str:
    await migrate(settings.database_url)
    async with database_of(settings, writer=True) as database, database.begin() as tx:
        return await Access().issue(tx, By(COMMAND, MachineClock().now()), KeyWish(name, tuple(scopes), days))


async def _revoke(settings: Settings, key: str) -> None:
    async with database_of(settings, writer=True) as database, database.begin() as tx:
        await Access().revoke(tx, By(COMMAND, MachineClock().now()), key)
