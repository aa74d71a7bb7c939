"""What no single key shows: defaults that follow from other settings, shorthands, and settings that contradict."""

from collections.abc import Callable
from datetime import time

from doorstep.plan.findings import KeyPath, did_you_mean, nearest, shown
from doorstep.plan.keys import LOCATION, METHOD, STOCK
from doorstep.plan.price_across import PRICE_RULES
from doorstep.plan.reading import Reading, Values, tables_of
from doorstep.plan.records import StockRules
from doorstep.plan.sections import Section
from doorstep.plan.shipping_keys import FLAT_WEIGHT_GRAMS_MAX, RATE_TO_ZONE, SERVICE, SHIPPING, TRANSIT_DAYS, ZONE


class AcrossKeys:
    """Completes each table that was read, in place, and reports what does not fit together. One serves one plan."""

    def __init__(self) -> None:
        self._zones: list[str] = []
        self._rests: list[tuple[str, KeyPath]] = []
        self._zones_named: list[tuple[str, KeyPath]] = []

    def finish(self, section: Section, values: Values, path: KeyPath, reading: Reading) -> None:
        """Called with each table once it is read, an inner one before the one around it."""
        if section is ZONE:
            self._zone(values, path, reading)
        elif section is SHIPPING:
            self._shipping(reading)
        elif section.title in _RULES:
            _RULES[section.title](values, path, reading)
        if section is RATE_TO_ZONE and "zone" in values:
            self._zones_named.append((str(values["zone"]), path))

    def _zone(self, values: Values, path: KeyPath, reading: Reading) -> None:
        if "id" in values:
            self._zones.append(str(values["id"]))
            if not values.get("countries") and reading.is_clean(path):
                self._rests.append((str(values["id"]), path))

    def _shipping(self, reading: Reading) -> None:
        for zone, path in self._zones_named if self._zones else ():
            if zone not in self._zones:
                reading.wrong(path, f"There is no zone {shown(zone)}.", did_you_mean(nearest(zone, self._zones)))
        for zone, path in self._rests[1:]:
            message = f"{shown(zone)} and {shown(self._rests[0][0])} are both the rest of the world."
            reading.wrong(path, message, "Name the `countries` of one of them.")


def _location(values: Values, path: KeyPath, reading: Reading) -> None:
    _name_after_id(values)
    values.setdefault("country", reading.country)
    opens, cut_off = _time(values, "opens"), _time(values, "cut_off")
    if opens >= cut_off and reading.is_clean(path):
        key = "cut_off" if "cut_off" in values else "opens"
        reading.wrong((*path, key), f"The cut-off {cut_off:%H:%M} is not after opening at {opens:%H:%M}.")


def _method(values: Values, path: KeyPath, reading: Reading) -> None:
    _name_after_id(values)
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


def _service(values: Values, _path: KeyPath, _reading: Reading) -> None:
    _name_after_id(values)


def _rate_to_zone(values: Values, path: KeyPath, reading: Reading) -> None:
    values.setdefault("transit_days", TRANSIT_DAYS)
    price = values.pop("price", None)
    if price is None:
        _bands(values, path, reading)
        return
    if "bands" in values:
        reading.wrong((*path, "price"), "This rate has `price` and `bands`.", "Keep one of them.")
    if "each_further_kg" in values:
        reading.wrong((*path, "each_further_kg"), "This counts from the last band.", "Write `bands`, not `price`.")
    values["bands"] = [{"weight_grams_max": FLAT_WEIGHT_GRAMS_MAX, "price": price}]


def _bands(values: Values, path: KeyPath, reading: Reading) -> None:
    if "bands" not in values and reading.is_clean((*path, "bands")) and reading.is_clean((*path, "price")):
        reading.wrong(path, "This rate has no price.", 'Write `price = "4.95"` or `bands`.')
    weight_before = 0
    for place, band in enumerate(tables_of(values, "bands")):
        weight = band.get("weight_grams_max")
        if not isinstance(weight, int):
            continue
        if weight <= weight_before:
            where = (*path, "bands", place, "weight_grams_max")
            reading.wrong(
                where, f"{weight} is not above the band before, {weight_before}.", "The lightest comes first."
            )
        weight_before = weight


def _name_after_id(values: Values) -> None:
    words = str(values.get("id", "")).replace("_", " ").replace("-", " ").strip()
    values.setdefault("name", words[:1].upper() + words[1:])


def _time(values: Values, name: str) -> time:
    value = values.get(name, LOCATION.default(name))
    return value if isinstance(value, time) else time(0)


_RULES: dict[str, Callable[[Values, KeyPath, Reading], None]] = {
    LOCATION.title: _location,
    STOCK.title: _stock,
    METHOD.title: _method,
    RATE_TO_ZONE.title: _rate_to_zone,
    SERVICE.title: _service,
    **PRICE_RULES,
}
