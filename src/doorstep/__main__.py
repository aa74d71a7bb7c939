"""The command line: every command in one table."""

import sys
from collections.abc import Callable, Mapping
from typing import TypeAlias

import typer
from typer.core import TyperGroup

from doorstep.commands import demo, docs, imports, jobs, keys, numbers, orders, plans, rehearsing, running, staff
from doorstep.commands.screen import complain
from doorstep.kernel.errors import DoorstepError

Command: TypeAlias = Callable[..., None]
Commands: TypeAlias = Mapping[str, "Command | Mapping[str, Command]"]

COMMANDS: Mapping[str, Commands] = {
    "A new store": {"new": plans.new, "check": plans.check, "demo": demo.demo},
    "The store at work": {
        "migrate": running.migrate,
        "rebuild": running.rebuild,
        "serve": running.serve,
        "work": running.work,
    },
    "Who may do what": {
        "staff": {
            "": staff.staff,
            "add": staff.add,
            "disable": staff.disable,
            "enable": staff.enable,
            "reset": staff.reset,
        },
        "keys": {"": keys.keys, "add": keys.add, "revoke": keys.revoke},
    },
    "What comes in": {"import": {"items": imports.items, "stock": imports.stock}},
    "What is going on": {
        "board": orders.board,
        "orders": orders.orders,
        "order": orders.order,
        "numbers": numbers.numbers,
        "jobs": {"": jobs.jobs, "retry": jobs.retry, "give-up": jobs.give_up},
    },
    "On trial": {"replay": rehearsing.replay, "verify": rehearsing.verify},
    "For developers": {"docs": docs.docs},
}
"""Commands by the group in which help lists them; a name with a table of its own has commands below it."""


_INTERRUPTED = 130  # what a shell calls the end by Ctrl-C: 128 and the number of the signal
_HELP = {
    "staff": "List the staff; add somebody, let them in no more, or give them a link to choose a password.",
    "keys": "List API keys; add one, or revoke it.",
    "import": "Import items and stock from CSV files.",
    "jobs": "List jobs by kind; try one again that was tried too often, or give it up.",
}


class InOrder(TyperGroup):
    """Lists commands in the order of the table; left alone, those with commands below them come last."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """The names of all commands."""
        del ctx
        return [name for commands in COMMANDS.values() for name in commands]


def program() -> typer.Typer:
    """The program with all its commands."""
    cli = typer.Typer(
        cls=InOrder,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Doorstep runs the orders of an online store, from the Buy button to the doorstep, and back.",
    )
    for panel, commands in COMMANDS.items():
        for name, command in commands.items():
            if isinstance(command, Mapping):
                cli.add_typer(_group(command), name=name, rich_help_panel=panel, help=_HELP[name])
            else:
                cli.command(name, rich_help_panel=panel)(command)
    return cli


def _group(commands: Mapping[str, Command]) -> typer.Typer:
    """Commands below one name; the one without a name is run by that name alone."""
    alone = commands.get("")
    group = typer.Typer(no_args_is_help=alone is None, invoke_without_command=alone is not None)
    if alone:
        group.callback()(alone)
    for name, command in commands.items():
        if name:
            group.command(name)(command)
    return group


def main() -> None:
    """Run a command; an expected error is a sentence, not a traceback."""
    try:
        program()()
    except DoorstepError as error:
        complain(error.message)
        sys.exit(1)
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            complain("Stopped. Start it again to go on where it was.")
        raise


if __name__ == "__main__":
    main()
