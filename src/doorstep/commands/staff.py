"""The staff: listed, added, let in no more, given a link to choose another password."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from doorstep.access.flow.letters import Letters, Way
from doorstep.access.flow.passwords import Passwords
from doorstep.access.flow.staff import Invited, Staff
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.passwords import check_password
from doorstep.access.model.permissions import Role
from doorstep.access.model.staff import Invitation, StaffMember, StaffState, email_of
from doorstep.app import public_url
from doorstep.commands.screen import DatabaseUrl, database_of, minute, plain_table, run, say, screen, settings_with
from doorstep.jobs.queue import Queue
from doorstep.kernel.clock import MachineClock
from doorstep.kernel.errors import Refused
from doorstep.messages.flow import Messages
from doorstep.plug.loader import Providers
from doorstep.settings import Settings
from doorstep.storage.migrations.migrate import migrate
from doorstep.storage.transaction import Tx

Email = Annotated[str, typer.Argument(help="The e-mail address by which the person signs in.")]
Name = Annotated[str, typer.Option(help="The person's name; without it they say it themselves.")]
Rank = Annotated[Role, typer.Option("--role", help="What the person is in the store.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the input, one line.")]


def staff(context: typer.Context, database: DatabaseUrl = None) -> None:
    """List the staff."""
    if context.invoked_subcommand:
        return
    found = run(_list(settings_with(database)))
    if not found:
        say("There is no staff yet. To add the first owner: doorstep staff add EMAIL --role owner")
        return
    table = plain_table("e-mail", "name", "role", "state", "second factor", "since")
    for one in found:
        second = "yes" if one.has_second_factor else "no"
        table.add_row(one.email, one.name, one.role.value, one.state.value, second, minute(one.created_at))
    screen.print(table)


def add(
    email: Email,
    name: Name = "",
    role: Rank = Role.VIEWER,
    password_stdin: FromStdin = False,  # noqa: FBT002 - an option
    database: DatabaseUrl = None,
) -> None:
    """Add a person: with a password, or with a link by which they choose one within 7 days."""
    settings, invitation = settings_with(database), Invitation(email=email, name=name, role=role, by_mail=False)
    if password_stdin:
        member = run(_add(settings, invitation, sys.stdin.readline().rstrip("\r\n")))
        say(f"{member.email} is {member.role} and can sign in at {public_url(settings)}.")
        return
    invited = run(_invite(settings, invitation))
    say(f"{invited.member.email} is invited as {invited.member.role}. The link works once, for 7 days:\n{invited.link}")


def disable(email: Email, database: DatabaseUrl = None) -> None:
    """Let a person in no more, from now on: they are signed out everywhere."""
    member = run(_disable(settings_with(database), email))
    say(f"{member.email} is disabled.")


def enable(email: Email, database: DatabaseUrl = None) -> None:
    """Let a person in again who was disabled."""
    member = run(_enable(settings_with(database), email))
    say(f"{member.email} is {member.state}.")


def reset(email: Email, database: DatabaseUrl = None) -> None:
    """Print a link by which a person chooses a password: another one, or the first if they are invited."""
    given = run(_reset(settings_with(database), email))
    lifetime = "7 days" if given.member.state is StaffState.INVITED else "one hour"
    say(f"The link for {given.member.email} works once, for {lifetime}:\n{given.link}")


def _staff(settings: Settings) -> Staff:
    """The staff as the command line sees them: links are printed, and nothing is mailed."""
    nobody = Providers(payments={}, carriers={}, notifications={})
    return Staff(Letters(Messages(nobody, ""), Queue(MachineClock()), Way("", "", "")), public_url(settings))


def _by() -> By:
    return By(COMMAND, MachineClock().now())


@asynccontextmanager
async def _changing(settings: Settings) -> AsyncIterator[Tx]:
    """A transaction that changes the staff; where a running process has the database, the console is the way."""
    try:
        async with database_of(settings, writer=True) as database, database.begin() as tx:
            yield tx
    except Refused as refused:
        if refused.code != "database_in_use":
            raise
        said = f"{refused.message} Or change the staff in the console of the store that runs: {public_url(settings)}"
        raise Refused(refused.code, said) from None


async def _list(settings: Settings) -> list[StaffMember]:
    async with database_of(settings) as database, database.read() as tx:
        return await _staff(settings).everyone(tx)


async def _add(settings: Settings, invitation: Invitation, password: str) -> StaffMember:
    check_password(password, email_of(invitation.email), "")
    hashed = await Passwords().hash(password)
    await migrate(settings.database_url)
    async with _changing(settings) as tx:
        return await _staff(settings).enter(tx, _by(), invitation, hashed)


async def _invite(settings: Settings, invitation: Invitation) -> Invited:
    await migrate(settings.database_url)
    async with _changing(settings) as tx:
        return await _staff(settings).invite(tx, _by(), invitation)


async def _disable(settings: Settings, email: str) -> StaffMember:
    async with _changing(settings) as tx:
        member = await _staff(settings).by_email(tx, email)
        return await _staff(settings).disable(tx, _by(), member.id)


async def _enable(settings: Settings, email: str) -> StaffMember:
    async with _changing(settings) as tx:
        member = await _staff(settings).by_email(tx, email)
        return await _staff(settings).enable(tx, _by(), member.id)


async def _reset(settings: Settings, email: str) -> Invited:
    async with _changing(settings) as tx:
        member = await _staff(settings).by_email(tx, email)
        if member.state is StaffState.INVITED:
            return await _staff(settings).invite_again(tx, _by(), member.id, by_mail=False)
        return await _staff(settings).reset_link(tx, _by(), member.id)
