"""What no single setting of deliveries shows: zones that are not there, prices that contradict each other."""

from collections.abc import Callable, Mapping

from doorstep.plan.findings import KeyPath, did_you_mean, nearest, shown
from doorstep.plan.reading import Reading, Values, tables_of
from doorstep.plan.shipping_keys import FLAT_WEIGHT_GRAMS_MAX, RATE_TO_ZONE, SURCHARGE, TRANSIT_DAYS

_PRICES = ("price", "bands", "value_bands")


class Deliveries:
    """What the tables of deliveries name of each other, gathered while a plan is read. One serves one plan."""

    def __init__(self) -> None:
        self._zones: list[str] = []
        self._rests: list[tuple[str, KeyPath]] = []
        self._zones_named: list[tuple[str, KeyPath]] = []
        self._services: list[str] = []
        self._services_named: list[tuple[str, KeyPath]] = []
        self._pickups: list[KeyPath] = []
        self._has_place_for_pickup = False

    def location(self, values: Values) -> None:
        """A location was read."""
        self._has_place_for_pickup |= values.get("pickup") is True

    def zone(self, values: Values, path: KeyPath, reading: Reading) -> None:
        """A zone was read."""
        if "id" in values:
            self._zones.append(str(values["id"]))
            if not values.get("countries") and reading.is_clean(path):
                self._rests.append((str(values["id"]), path))
        for part in ("regions", "postcodes"):
            if values.get(part) and not values.get("countries") and reading.is_clean(path):
                reading.wrong((*path, part), "These are of no country.", "Name it: `countries = [...]`.")

    def rate(self, values: Values, path: KeyPath) -> None:
        """A rate into a zone was read."""
        if "zone" in values:
            self._zones_named.append((str(values["zone"]), path))

    def service(self, values: Values, path: KeyPath, reading: Reading) -> None:
        """A service was read."""
        self._services.append(str(values.get("id", "")))
        if values.get("pickup") is True:
            self._pickups.append(path)
        elif "rates" not in values and reading.is_clean(path):
            reading.wrong((*path, "rates"), "This setting is missing.", "Prices and times by zone.")

    def surcharge(self, values: Values, path: KeyPath) -> None:
        """A surcharge was read."""
        services = values.get("services")
        for place, name in enumerate(services if isinstance(services, list) else []):
            self._services_named.append((str(name), (*path, "services", place)))

    def all_read(self, reading: Reading) -> None:
        """Everything about deliveries was read."""
        for zone, path in self._zones_named if self._zones else ():
            if zone not in self._zones:
                reading.wrong(path, f"There is no zone {shown(zone)}.", did_you_mean(nearest(zone, self._zones)))
        for zone, path in self._rests[1:]:
            message = f"{shown(zone)} and {shown(self._rests[0][0])} are both the rest of the world."
            reading.wrong(path, message, "Name the `countries` of one of them.")
        for name, path in self._services_named:
            if name not in self._services:
                reading.wrong(path, f"There is no service {shown(name)}.", did_you_mean(nearest(name, self._services)))
        for path in () if self._has_place_for_pickup else self._pickups:
            message = "No location lets shoppers collect."
            reading.wrong((*path, "pickup"), message, "Write `pickup = true` at one of the locations.")


def _rate_to_zone(values: Values, path: KeyPath, reading: Reading) -> None:
    values.setdefault("transit_days", TRANSIT_DAYS)
    least, most = values["transit_days"], values.get("transit_days_max")
    if isinstance(least, int) and isinstance(most, int) and most < least:
        reading.wrong((*path, "transit_days_max"), f"This is below `transit_days`, {least}.")
    price = _price(values, path, reading)
    if "each_further_kg" in values and "bands" not in values:
        reading.wrong((*path, "each_further_kg"), "This counts from the last band.", f"Write `bands`, not `{price}`.")
    if "price" in values:
        values["bands"] = [{"weight_grams_max": FLAT_WEIGHT_GRAMS_MAX, "price": values.pop("price")}]
    _ascending(values, (*path, "bands"), reading, "weight_grams_max")
    _ascending(values, (*path, "value_bands"), reading, "value_max")


def _price(values: Values, path: KeyPath, reading: Reading) -> str:
    """Which of the three ways to say a price is written; all but one of several are reported."""
    given = [name for name in _PRICES if name in values]
    if len(given) > 1:
        first, second = given[:2]
        reading.wrong((*path, first), f"This rate has `{first}` and `{second}`.", "Keep one of them.")
    if not given and all(reading.is_clean((*path, name)) for name in _PRICES):
        reading.wrong(path, "This rate has no price.", 'Write `price = "4.95"` or `bands`.')
    return given[0] if given else "price"


def _ascending(values: Values, path: KeyPath, reading: Reading, name: str) -> None:
    before = 0
    bands = tables_of(values, str(path[-1]))
    for place, band in enumerate(bands):
        most, where = band.get(name), (*path, place)
        if not isinstance(most, int):
            if name not in band and place < len(bands) - 1 and reading.is_clean(where):
                reading.wrong(where, "The bands after this one never hold.", f"Write `{name}`, or write it last.")
            continue
        if most <= before:
            order = "lightest" if name == "weight_grams_max" else "lowest"
            reading.wrong(
                (*where, name), f"{most} is not above the band before, {before}.", f"The {order} comes first."
            )
        before = most


def _surcharge(values: Values, path: KeyPath, reading: Reading) -> None:
    if values.get("refused") and values.get("amount"):
        reading.wrong((*path, "amount"), "This is not carried, so it costs nothing.", "Remove `amount` or `refused`.")
    if not values.get("refused") and not values.get("amount") and reading.is_clean(path):
        reading.wrong(path, "This surcharge adds nothing.", 'Write `amount = "5.00"` or `refused = true`.')


DELIVERY_RULES: Mapping[str, Callable[[Values, KeyPath, Reading], None]] = {
    RATE_TO_ZONE.title: _rate_to_zone,
    SURCHARGE.title: _surcharge,
}
