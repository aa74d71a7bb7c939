"""The journey as a page for people: which stage hands over to which, what follows from a fact, and every state."""

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from inspect import cleandoc
from pathlib import Path

from msgspec import structs

from doorstep import journey
from doorstep.jobs.model import CallKind, FlowKind, Kind
from doorstep.journey import facts as f
from doorstep.journey.ledger.book import Follow
from doorstep.journey.route import ENDS, FOLLOWS
from doorstep.journey.standing import ENDS as LAST_STAGES
from doorstep.journey.standing import OWNERS, Stage
from doorstep.planning.state_tables import drawn, state_tables

_HEAD = """\
# The journey of an order

This page is generated from the program: from the route (`journey/route.py`), the facts (`journey/facts.py`) and the
state tables. `doorstep docs` writes it anew.

A stage hands over by a **fact**. What follows from a fact are **jobs**, written in the same transaction; each kind of
job is run by one **flow**. Facts after which nothing follows by itself are **ends**: somebody is waited for, or nobody.
"""
_MAP = """\
## The map

An arrow is a fact of one stage and the stage that goes on with it. A dotted arrow leads to who is waited for.
"""
_FACT_HEAD = """\
## What follows from a fact

| fact | jobs that follow | run by |
|---|---|---|
"""
_BOARD_HEAD = """\
## The stages of an order

Where an order is, as the board shows it; who moves it on, and which of the plan's promises says by when.

| stage | moved on by | promise |
|---|---|---|
"""
_KIND_HEAD = """\
## The kinds of jobs

| kind | flow | what it does |
|---|---|---|
"""
_STATES_HEAD = """\
## The states of records

There is no other way to change a state than a row of these tables.
"""


def facts() -> tuple[type[f.Fact], ...]:
    """Every kind of fact, in the order of the story."""
    return tuple(f.Fact.__subclasses__())


def journey_markdown(kinds: Sequence[Kind]) -> str:
    """The whole page."""
    flows = {kind.name: kind for kind in kinds}
    return (
        "\n".join(
            [
                _HEAD,
                _MAP,
                _map(flows),
                _FACT_HEAD + "".join(_followed(fact, flows) for fact in facts()),
                _KIND_HEAD + "".join(_kind(kind) for kind in kinds),
                _BOARD_HEAD + "".join(_stage(stage) for stage in Stage),
                "## The facts\n",
                *(_fact(fact) for fact in facts()),
                _STATES_HEAD,
                *(drawn(table) for table in state_tables().values()),
            ]
        ).rstrip()
        + "\n"
    )


def flow_name(kind: Kind) -> str:
    """The flow that runs a kind of job, as class and method; of a call, the methods before and after it."""
    if isinstance(kind, FlowKind):
        return f"`{kind.run.__qualname__}`"
    return f"`{kind.open.__qualname__}`, then `{kind.settle.__qualname__}`"


def _map(flows: Mapping[str, Kind]) -> str:
    arrows = dict.fromkeys(line for fact in facts() for line in _arrows(fact, flows))
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```", ""])


def _arrows(fact: type[f.Fact], flows: Mapping[str, Kind]) -> Iterator[str]:
    for source in tellers().get(fact.__name__, ()):
        for follow in FOLLOWS.get(fact, ()):
            yield f"    {source} -- {fact.__name__} --> {_room(flows[follow.job])}"
        if ENDS.get(fact, "").startswith("waits for "):
            who = ENDS[fact].removeprefix("waits for ").split(";")[0]
            yield f"    {source} -. {fact.__name__} .-> {who.replace(' ', '_')}([{who}])"


def _room(kind: Kind) -> str:
    """The part of the journey whose flow runs a kind of job: `payment`, `notices`."""
    run = kind.run if isinstance(kind, FlowKind) else kind.open
    return str(run.__module__).removeprefix("doorstep.journey.").split(".")[0]


@cache
def tellers() -> Mapping[str, tuple[str, ...]]:
    """Which stages make which facts, read from their source: wherever one writes `f.OrderConfirmed(…)`."""
    names = {fact.__name__ for fact in facts()}
    found: dict[str, dict[str, None]] = {}
    root = Path(inspect.getfile(journey)).parent
    for path in sorted(root.glob("*/**/*.py")):
        for name in names & set(_made(ast.parse(path.read_text("utf-8")))):
            found.setdefault(name, {})[path.relative_to(root).parts[0]] = None
    return {name: tuple(sorted(stages)) for name, stages in found.items()}


def _made(tree: ast.Module) -> Iterator[str]:
    """The names of what a source calls, or chooses between to call."""
    for node in ast.walk(tree):
        chosen = [node.func] if isinstance(node, ast.Call) else []
        chosen += [node.body, node.orelse] if isinstance(node, ast.IfExp) else []
        for one in chosen:
            if isinstance(one, ast.Attribute | ast.Name):
                yield one.attr if isinstance(one, ast.Attribute) else one.id


def _followed(fact: type[f.Fact], flows: Mapping[str, Kind]) -> str:
    if fact in ENDS:
        return f"| {fact.__name__} | – | {ENDS[fact]} |\n"
    follows = FOLLOWS[fact]
    jobs = "<br>".join(_job(follow) for follow in follows)
    return f"| {fact.__name__} | {jobs} | {'<br>'.join(flow_name(flows[follow.job]) for follow in follows)} |\n"


def _job(follow: Follow) -> str:
    when = f", if there is `{follow.when}`" if follow.when else ""
    return f"`{follow.job}`{f' at `{follow.due}`' if follow.due else ''}{when}"


def _kind(kind: Kind) -> str:
    run = kind.run if isinstance(kind, FlowKind) else kind.open
    again = f" Every {kind.every.total_seconds() / 60:g} min." if isinstance(kind, FlowKind) and kind.every else ""
    call = " Calls out between two transactions." if isinstance(kind, CallKind) else ""
    return f"| `{kind.name}` | {flow_name(kind)} | {_sentence(run)}{call}{again} |\n"


def _sentence(of: object) -> str:
    return cleandoc(of.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _stage(stage: Stage) -> str:
    name = stage.value.replace("_", " ")
    if stage in LAST_STAGES:
        return f"| {name} | nobody: an end | – |\n"
    return f"| {name} | {OWNERS[stage].who} | `{OWNERS[stage].promise}` |\n"


def _fact(fact: type[f.Fact]) -> str:
    shared = {field.name for field in structs.fields(f.Fact)}
    fields = ", ".join(f"`{field.name}`" for field in structs.fields(fact) if field.name not in shared)
    once = f" One for each `{fact.named_by}`." if fact.named_by else ""
    carries = f" Carries {fields}." if fields else ""
    return f"- **{fact.__name__}.** {' '.join(cleandoc(fact.__doc__ or '').split())}{once}{carries}"
