"""A plan for a new store, and whether a plan is right."""

from pathlib import Path
from typing import Annotated

import typer

from doorstep.commands.screen import say, settings_with
from doorstep.kernel.errors import Refused
from doorstep.plan.findings import PlanInvalid
from doorstep.plan.load import read_plan
from doorstep.plan.template import new_plan

_Currency = Annotated[str, typer.Option(metavar="CODE", help="The currency of all its amounts, such as EUR.")]


def new(
    name: Annotated[str, typer.Argument(help="The name that customers read, such as 'Mill Lane Tea'.")],
    country: Annotated[str, typer.Option(metavar="CODE", help="The country it is in, such as DE.")] = "GB",
    currency: _Currency = "GBP",
    file: Annotated[Path, typer.Option(help="Where to write the plan.")] = Path("plan.toml"),
) -> None:
    """Write a commented plan for a new store."""
    text = _made(name, country, currency)
    try:
        with file.open("x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        raise Refused("file_exists", f"{file} is there already, and is left as it is. Name another: --file") from None
    except OSError as error:
        raise Refused("unwritable_file", f"{file} cannot be written: {error.strerror}.") from None
    say(f"Written: {file}. Read it, change what is different in your store, then: doorstep check {file}")


def check(
    plan: Annotated[Path | None, typer.Argument(help="The plan; without it, that of DOORSTEP_PLAN.")] = None,
) -> None:
    """Check a plan: every problem with its line, its key and, if one can be guessed, what was meant."""
    path = plan or Path(settings_with().plan)
    found = read_plan(path)
    places = ", ".join(location.name for location in found.locations)
    ways = ", ".join(service.name for service in found.shipping.services)
    means = ", ".join(method.name for method in found.payment.methods)
    say(f"{path} is right: {found.store.name}, in {found.store.currency}, version {found.version}.")
    say(f"It ships from {places} by {ways}, and is paid by {means}.")


def _made(name: str, country: str, currency: str) -> str:
    """The plan; what is wrong with the command line is told by its options, since there is no file yet."""
    try:
        return new_plan(name, country, currency)
    except PlanInvalid as invalid:
        said = [
            f"{finding.key.removeprefix('store.')}: {finding.message} {finding.suggestion}".rstrip()
            for finding in invalid.findings
        ]
        raise Refused("bad_plan_start", "\n".join(said)) from None
