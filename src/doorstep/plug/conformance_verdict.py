"""How a conformance check says no."""

import re

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class NotConforming(AssertionError):
    """A provider does not keep to its contract; the message says what was expected and what came."""


def demand(condition: object, expected: str, came: object = None) -> None:
    """Raise unless the condition holds."""
    if not condition:
        raise NotConforming(expected if came is None else f"{expected}; it answered {came!r}")


def demand_name(name: object) -> None:
    """A provider's name is what a plan writes: short, lower case, words joined by hyphens."""
    fits = isinstance(name, str) and len(name) <= 64 and _NAME.fullmatch(name) is not None
    demand(fits, "name must be lower-case words joined by hyphens, such as acme-pay", name)
