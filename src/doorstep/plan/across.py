"""What no single key shows: defaults that follow from other settings, shorthands, and settings that contradict."""

from collections.abc import Callable
from datetime import time

from doorstep.plan.findings import KeyPath
from doorstep.plan.keys import LOCATION, METHOD, STOCK
from doorstep.plan.price_across import PRICE_RULES
from doorstep.plan.reading import Reading, Values
from doorstep.plan.records import StockRules
from doorstep.plan.sections import Section
from doorstep.plan.shipping_across import DELIVERY_RULES, Deliveries
from doorstep.plan.shipping_keys import RATE_TO_ZONE, SERVICE, SHIPPING, SURCHARGE, ZONE


class AcrossKeys:
    """Completes each table that was read, in place, and reports what does not fit together. One serves one plan."""

    def __init__(self) -> None:
        self._deliveries = Deliveries()

    def finish(self, section: Section, values: Values, path: KeyPath, reading: Reading) -> None:
        """Called with each table once it is read, an inner one before the one around it."""
        if section.title in _NAMED:
            _name_after_id(values)
        if section.title in _RULES:
            _RULES[section.title](values, path, reading)
        if section is LOCATION:
            self._deliveries.location(values)
        elif section is ZONE:
            self._deliveries.zone(values, path, reading)
        elif section is RATE_TO_ZONE:
            self._deliveries.rate(values, path)
        elif section is SERVICE:
            self._deliveries.service(values, path, reading)
        elif section is SURCHARGE:
            self._deliveries.surcharge(values, path)
        elif section is SHIPPING:
            self._deliveries.all_read(reading)


def _location(values: Values, path: KeyPath, reading: Reading) -> None:
    values.setdefault("country", reading.country)
    opens, cut_off = _time(values, "opens"), _time(values, "cut_off")
    if opens >= cut_off and reading.is_clean(path):
        key = "cut_off" if "cut_off" in values else "opens"
        reading.wrong((*path, key), f"The cut-off {cut_off:%H:%M} is not after opening at {opens:%H:%M}.")


def _method(values: Values, path: KeyPath, reading: Reading) -> None:
    least, most = values.get("amount_min"), values.get("amount_max")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        reading.wrong((*path, "amount_max"), "This is below `amount_min`, so the method is never offered.")


def _stock(values: Values, path: KeyPath, reading: Reading) -> None:
    least, most = values.get("hold_minutes"), values.get("hold_minutes_max")
    if not isinstance(least, int):
        return
    if most is None:
        values["hold_minutes_max"] = max(least, StockRules().hold_minutes_max)
    elif isinstance(most, int) and most < least:
        reading.wrong((*path, "hold_minutes_max"), f"This is below `hold_minutes`, {least}.")


def _name_after_id(values: Values) -> None:
    words = str(values.get("id", "")).replace("_", " ").replace("-", " ").strip()
    values.setdefault("name", words[:1].upper() + words[1:])


def _time(values: Values, name: str) -> time:
    value = values.get(name, LOCATION.default(name))
    return value if isinstance(value, time) else time(0)


_NAMED = {section.title for section in (LOCATION, METHOD, SERVICE, SURCHARGE)}
_RULES: dict[str, Callable[[Values, KeyPath, Reading], None]] = {
    LOCATION.title: _location,
    STOCK.title: _stock,
    METHOD.title: _method,
    **DELIVERY_RULES,
    **PRICE_RULES,
}
