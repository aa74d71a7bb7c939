"""Read a plan file: strict, and with every problem in one go."""

from hashlib import sha256
from pathlib import Path

from msgspec import convert

from doorstep.plan.across import AcrossKeys
from doorstep.plan.findings import Finding, PlanInvalid
from doorstep.plan.keys import PLAN
from doorstep.plan.reading import Reading
from doorstep.plan.records import Plan
from doorstep.plan.syntax import parse


def read_plan(path: Path) -> Plan:
    """The plan in a file, which is UTF-8. Raises PlanInvalid, also when the file cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(
            path, f"The file cannot be read: {error.strerror}.", "`doorstep new` writes a plan."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, "The file is not UTF-8 text.", "Save it as UTF-8.", line) from None
    return load_plan(text, path.name)


def load_plan(text: str, file_name: str) -> Plan:
    """The plan that a text says, with its version. Raises PlanInvalid with all findings."""
    tables, lines = parse(text, file_name)
    reading = Reading(file_name, lines, AcrossKeys().finish)
    values = reading.plan(PLAN, tables)
    if reading.findings:
        raise PlanInvalid(reading.findings)
    return convert({**values, "version": version_of(text)}, Plan)


def version_of(text: str) -> str:
    """The name of an exact text: 64 bits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:16]


def _unreadable(path: Path, message: str, suggestion: str, line: int = 1) -> PlanInvalid:
    return PlanInvalid([Finding(path.name, line, "", message, suggestion)])
