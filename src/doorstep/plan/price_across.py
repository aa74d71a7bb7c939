"""What no single setting of prices shows: rates that contradict each other, codes that take nothing off."""

from collections.abc import Callable, Mapping
from datetime import date

from doorstep.plan.findings import KeyPath, did_you_mean, nearest, shown
from doorstep.plan.price_keys import DISCOUNT, TAX
from doorstep.plan.price_records import AS_GOODS, HIGHEST, NONE, STANDARD, TABLE
from doorstep.plan.reading import Reading, Values, tables_of


def _tax(values: Values, path: KeyPath, reading: Reading) -> None:
    seen: dict[object, KeyPath] = {}
    rates = tables_of(values, "rates")
    for place, rate in enumerate(rates):
        where = (*path, "rates", place)
        region = str(rate.get("region", "")).casefold()
        what = (rate.get("country"), rate.get("tax_class", STANDARD), region)
        if what in seen and reading.is_clean(where):
            place_meant = "country, region" if region else "country"
            line = reading.line(seen[what])
            reading.wrong(where, f"This {place_meant} and class have a rate already on line {line}.")
        seen.setdefault(what, where)
    _delivery(values, path, reading, rates)
    if values.get("provider", TABLE) != TABLE and values.get("zero_rate_business"):
        where = (*path, "zero_rate_business")
        reading.wrong(where, "A tax engine decides itself who pays no tax.", "Leave this out, or `provider`.")


def _delivery(values: Values, path: KeyPath, reading: Reading, rates: list[Values]) -> None:
    """Delivery is taxed in one of three ways, or by a class that there is a rate for."""
    delivery = values.get("delivery", STANDARD)
    known = (AS_GOODS, HIGHEST, NONE, STANDARD, *(str(rate.get("tax_class", STANDARD)) for rate in rates))
    if delivery not in known:
        where = (*path, "delivery")
        reading.wrong(
            where, f"No rate is for the class {shown(delivery)}.", did_you_mean(nearest(str(delivery), known))
        )


def _discount(values: Values, path: KeyPath, reading: Reading) -> None:
    off = [name for name in ("percent", "amount") if values.get(name)]
    if len(off) > 1:
        reading.wrong((*path, "amount"), "This code has `percent` and `amount`.", "Keep one of them.")
    if not off and not values.get("free_delivery") and reading.is_clean(path):
        reading.wrong(path, "This code takes nothing off.", "Write `percent`, `amount` or `free_delivery = true`.")
    first, last = values.get("valid_from"), values.get("valid_until")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        reading.wrong((*path, "valid_until"), f"The code ends before it begins, on {first}.")


def _codes(values: Values, path: KeyPath, reading: Reading) -> None:
    """No two codes differ in their capitals alone."""
    seen: dict[str, str] = {}
    for table in tables_of(values, "discounts"):
        code = str(table.get("id", ""))
        other = seen.setdefault(code.casefold(), code)
        if other != code:
            reading.wrong((*path, "discounts", code), f"Capitals do not matter, so this is {shown(other)} again.")


PRICE_RULES: Mapping[str, Callable[[Values, KeyPath, Reading], None]] = {
    TAX.title: _tax,
    DISCOUNT.title: _discount,
    "": _codes,
}
