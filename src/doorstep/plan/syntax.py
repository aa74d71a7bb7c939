"""From a plan's text to its tables and their lines. What is not TOML is reported with what was probably meant."""

import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from doorstep.kernel.limits import BODY_BYTES_MAX
from doorstep.plan.findings import Finding, KeyPath, PlanInvalid, dotted
from doorstep.plan.positions import first_duplicate, lines_of

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_HINTS = (
    (r"=\s*\d{1,2}:\d\d", 'Write a time in quotes, like "15:00".'),
    (r"=\s*(?i:true|false|yes|no|on|off)\s*(#|$)", "Write `true` or `false`."),
    (r"=\s*[^\W\d]", 'Write text in quotes, like name = "text".'),
    (r"=\s*\d+,\d", 'Write an amount with a point, like "4.95".'),
    (r"=\s*($|#)", "A value is missing after the equals sign."),
    (r"^\s*[\w.-]+\s*:", "Write `key = value`, with an equals sign."),
    (r'^[^"]*"[^"]*("[^"]*"[^"]*)*$', "A quotation mark is missing on this line."),
    (r"^\s*\[[^\]]*$", "A closing bracket is missing on this line."),
)


def parse(text: str, file: str) -> tuple[dict[str, object], dict[KeyPath, int]]:
    """The tables of a plan and the line of each key. Fractions are exact decimals. Raises PlanInvalid."""
    _check_characters(text, file)
    try:
        return tomllib.loads(text, parse_float=_exact), lines_of(text)
    except RecursionError:
        _refuse(file, 1, "Values are nested too deeply.")
    except tomllib.TOMLDecodeError as error:
        _refuse_syntax(text, file, str(error))
    except ValueError:  # an integer longer than Python reads
        _refuse(file, 1, "A number is far too long.")


def _check_characters(text: str, file: str) -> None:
    if len(text) > BODY_BYTES_MAX:
        _refuse(file, 1, f"The plan is longer than {BODY_BYTES_MAX} characters.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        _refuse(file, line, "A character is not valid Unicode.", "Save the file as UTF-8.")


def _exact(literal: str) -> Decimal:
    try:
        return Decimal(literal)
    except InvalidOperation:  # an exponent beyond all bounds
        return Decimal("NaN")


def _refuse_syntax(text: str, file: str, message: str) -> NoReturn:
    if ("twice" in message or "overwrite" in message) and (pair := first_duplicate(text)):
        first, again = pair
        raise PlanInvalid([_given_twice(file, dotted(again.path), first.line, again.line)])
    place = _PLACE.search(message)
    lines = text.split("\n")
    line = int(place["line"]) if place and place["line"] else max(1, len(text.rstrip().split("\n")))
    plain = _PLACE.sub("", message)
    _refuse(file, line, f"This is not valid TOML: {plain}.", _hint(lines[min(line, len(lines)) - 1]))


def _given_twice(file: str, key: str, first_line: int, line: int) -> Finding:
    return Finding(
        file, line, key, f"This is given twice, first on line {first_line}.", "Give it another name, or remove one."
    )


def _hint(line: str) -> str:
    return next((hint for pattern, hint in _HINTS if re.search(pattern, line[:500])), "")


def _refuse(file: str, line: int, message: str, suggestion: str = "") -> NoReturn:
    raise PlanInvalid([Finding(file, line, "", message, suggestion)])
