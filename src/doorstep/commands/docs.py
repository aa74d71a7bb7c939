"""The generated documents: what `doorstep docs` writes, and what a test compares with the files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from doorstep.app import Outside, build
from doorstep.commands.reference import commands_markdown, settings_markdown
from doorstep.commands.screen import say
from doorstep.jobs.model import Kind
from doorstep.journey.route import kinds
from doorstep.kernel.clock import MachineClock
from doorstep.kernel.errors import Refused
from doorstep.planning.handbook import pages
from doorstep.plug.loader import Providers
from doorstep.rehearsal.running import recorded_plan
from doorstep.storage.database import Database


def docs(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="The folder of the documents.")] = Path("docs"),
) -> None:
    """Write the generated documents anew."""
    program = context.find_root().command
    if not folder.is_dir():
        raise Refused("no_folder", f"There is no folder {folder}. Run this where the documents are, or: --folder")
    for name, text in all_pages(program).items() if isinstance(program, TyperGroup) else ():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            say(f"Written: {path}")
        else:
            say(f"Up to date: {path}")


def all_pages(program: TyperGroup) -> Mapping[str, str]:
    """Every generated page by its name in `docs/`."""
    return {**pages(route_kinds()), "settings.md": settings_markdown(), "commands.md": commands_markdown(program)}


def route_kinds() -> tuple[Kind, ...]:
    """Every kind of job with the flow that runs it, of a program that is wired and not started."""
    nobody = Providers(payments={}, carriers={}, notifications={})
    return kinds(build(recorded_plan(None), Database("sqlite:///unused.db"), Outside(nobody, MachineClock())).stages)
