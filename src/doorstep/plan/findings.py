"""What is wrong with a plan: each problem with its line, its key and, where one can be guessed, what was meant."""

import json
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from msgspec import Struct

from doorstep.kernel.errors import Refused

KeyPath = tuple[str | int, ...]
"""Where a value stands in a plan: names of tables and keys, and places in lists counted from 0."""

_SHOWN_CHARS_MAX = 60
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Finding(Struct, frozen=True):
    """One problem. `line` counts from 1; `key` is dotted, empty when it is about the file as a whole."""

    file: str
    line: int
    key: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        about = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {about}{self.message} {self.suggestion}".rstrip()


class PlanInvalid(Refused):
    """The plan cannot be used. `findings` are all of its problems, in the order of their lines."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: finding.line))
        count = "1 problem" if len(self.findings) == 1 else f"{len(self.findings)} problems"
        listing = "\n".join(f"  {finding}" for finding in self.findings)
        super().__init__(
            "plan_invalid",
            f"The plan has {count}:\n{listing}",
            {finding.key: finding.message for finding in self.findings},
        )


def dotted(path: KeyPath) -> str:
    """A path as people write it: `shipping.services.standard.rates.domestic.bands[0].price`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{_written(part)}" for part in path).removeprefix(".")


def shown(value: object) -> str:
    """A value in a sentence: short, whatever was written."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(_cut(value), ensure_ascii=False)
        case list():
            return "a list"
        case dict():
            return "a table"
        case int() if abs(value) >= 10**18:
            return "a very large number"
        case _:
            return _cut(str(value))


def nearest(word: str, names: Iterable[str]) -> str:
    """The name that was probably meant, or "" when none is close."""
    spelled = {name.casefold(): name for name in names}
    close = get_close_matches(_cut(word).casefold(), spelled, n=1, cutoff=0.6)
    return spelled[close[0]] if close else ""


def did_you_mean(name: str) -> str:
    """The suggestion of a name, or nothing."""
    return f"Did you mean `{name}`?" if name else ""


def one_of(names: Sequence[str]) -> str:
    """A choice in words: "mon", "tue" or "wed"."""
    quoted = [f'"{name}"' for name in names]
    return " or ".join([*([", ".join(quoted[:-1])] if quoted[:-1] else []), quoted[-1]])


def _written(part: str) -> str:
    return _cut(part) if _BARE.fullmatch(part) else json.dumps(_cut(part), ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS_MAX else f"{text[:_SHOWN_CHARS_MAX]}…"
