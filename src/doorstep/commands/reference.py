"""The pages about settings and commands, made from the settings and the commands themselves."""

from collections.abc import Iterator

from msgspec import Meta
from msgspec.structs import FieldInfo, fields
from typer import Context
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from doorstep.settings import Settings

_SETTINGS_HEAD = """\
# Settings

What differs between deployments of one store is in the environment; how the store works is in [the plan](plan.md). A
name that begins with `DOORSTEP_` and is not in this table is refused: it is a misspelling. This page is generated from
the settings themselves.

| setting | default | meaning |
|---|---|---|
"""
_COMMANDS_HEAD = """\
# Commands

Every command says what it takes with `--help`. An expected error is one sentence and the exit code 1. This page is
generated from the commands themselves.
"""


def settings_markdown() -> str:
    """Every setting with its default and meaning."""
    return _SETTINGS_HEAD + "".join(_setting(field) for field in fields(Settings))


def commands_markdown(program: TyperGroup) -> str:
    """Every command with its arguments and options, in the groups in which help lists them."""
    parts, panel = [_COMMANDS_HEAD], ""
    for name in program.list_commands(Context(program)):
        command = program.commands[name]
        if isinstance(command, TyperCommand | TyperGroup) and command.rich_help_panel != panel:
            panel = str(command.rich_help_panel)
            parts.append(f"## {panel}\n")
        parts += _described(f"doorstep {name}", command)
    return "\n".join(parts).rstrip() + "\n"


def _setting(field: FieldInfo) -> str:
    shown = str(field.default).lower() if isinstance(field.default, bool) else field.default
    default = f"`{shown}`" if shown != "" else "empty"
    return f"| `DOORSTEP_{field.name.upper()}` | {default} | {_meaning(field)} |\n"


def _meaning(field: FieldInfo) -> str:
    said = getattr(field.type, "__metadata__", ())
    return next(str(meta.description) for meta in said if isinstance(meta, Meta))


def _described(name: str, command: object) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        if command.invoke_without_command:
            yield _one(name, command)
        for inner, part in command.commands.items():
            yield from _described(f"{name} {inner}", part)
    elif isinstance(command, TyperCommand):
        yield _one(name, command)


def _one(name: str, command: TyperCommand | TyperGroup) -> str:
    takes = [one for one in command.params if isinstance(one, TyperArgument)]
    options = [one for one in command.params if isinstance(one, TyperOption)]
    shown = " ".join(_argument(one) for one in takes)
    rows = "".join(f"- `{_argument(one)}`: {one.help or ''}\n" for one in takes)
    rows += "".join(f"- `{_option(one)}`: {one.help or ''}{_default(one)}\n" for one in options)
    body = " ".join((command.help or "").split())
    return f"### `{f'{name} {shown}'.rstrip()}`\n\n{body}\n\n{rows}"


def _argument(one: TyperArgument) -> str:
    name = one.metavar or (one.name or "").upper()
    return name if one.required else f"[{name}]"


def _option(one: TyperOption) -> str:
    name = one.opts[0]
    return name if one.is_flag else f"{name} {one.metavar or (one.name or '').upper()}"


def _default(one: TyperOption) -> str:
    if one.required:
        return " Required."
    return "" if one.default in (None, "", False) else f" Default: {one.default}."
