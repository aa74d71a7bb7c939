"""The plan that a new store starts from: what must be said, and every other setting as a comment with its default."""

import json
from datetime import time

from babel.core import get_global
from msgspec import Struct

from doorstep.kernel.money import exponent, format_minor
from doorstep.plan.findings import Finding, PlanInvalid, one_of
from doorstep.plan.keys import (
    CONFIRMATION,
    FULFILLMENT,
    LOCATION,
    METHOD,
    PAYMENT,
    PLACEMENT,
    PROMISES,
    RETURNS,
    STOCK,
    STORE,
)
from doorstep.plan.kinds import AMOUNT, COUNTRY, CURRENCY, NAME, Kind, Wrong
from doorstep.plan.load import load_plan
from doorstep.plan.price_keys import DISCOUNT, TAX
from doorstep.plan.sections import Key, Section, Shape
from doorstep.plan.shipping_keys import RATE_TO_ZONE, SERVICE, SHIPPING, ZONE

_COMMENT_COLUMN = 46
_HEAD = """\
# How this store works. `doorstep check` says whether this file is right and what follows from it.
# A setting after a # changes nothing: it shows the value that holds anyway or, where it says so, an example.
# Remove the # to change it. Amounts are in the store's currency, weights in grams, times in the store's time zone.
"""


class _Table(Struct, frozen=True, kw_only=True):
    """One table of the template: `given` settings are written, all others are comments, with `suggested` values first.

    A header that starts with # makes the whole table a comment. `only` limits the settings that are shown.
    """

    header: str
    section: Section
    given: dict[str, str] = {}
    suggested: dict[str, str] = {}
    only: tuple[str, ...] = ()
    comment: str = ""


def new_plan(name: str, country: str, currency: str) -> str:
    """A commented plan that loads without findings. Raises PlanInvalid when one of the three is not usable."""
    _check(name, country, currency)
    tables = [*_house(name, country, currency), *_money(country), *_ways(country, currency), *_later()]
    text = "\n".join([_HEAD, *(_rendered(table, currency) for table in tables)])
    load_plan(text, "plan.toml")
    return text


def literal(value: object) -> str:
    """A default as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
        case time():
            return f'"{value:%H:%M}"'
        case tuple():
            return f"[{', '.join(literal(item) for item in value)}]"
        case _:
            return str(value)


def _check(name: str, country: str, currency: str) -> None:
    findings = []
    for key, kind, value in (("name", NAME, name), ("country", COUNTRY, country), ("currency", CURRENCY, currency)):
        try:
            kind.read(value)
        except Wrong as wrong:
            findings.append(Finding("plan.toml", 1, f"store.{key}", wrong.message, wrong.suggestion))
    if findings:
        raise PlanInvalid(findings)


def _house(name: str, country: str, currency: str) -> list[_Table]:
    who = {"name": literal(name), "country": literal(country), "currency": literal(currency)}
    zones = get_global("territory_zones").get(country, ())
    where = {"time_zone": literal(zones[0])} if len(zones) == 1 else {}
    place = {"name": literal("Main"), "country": literal(country)}
    return [
        _Table(header="store", section=STORE, given={**who, **where}),
        _Table(header="locations.main", section=LOCATION, suggested=place),
        _Table(header="stock", section=STOCK),
        _Table(header="placement", section=PLACEMENT),
    ]


def _money(country: str) -> list[_Table]:
    rates = f'[{{ country = {literal(country)}, rate = "0.20" }}]'
    method = {"name": literal("Card"), "provider": literal("sandbox")}
    return [
        _Table(header="tax", section=TAX, suggested={"rates": rates}),
        _Table(header="payment", section=PAYMENT),
        _Table(header="payment.methods.card", section=METHOD, given=method),
    ]


def _ways(country: str, currency: str) -> list[_Table]:
    return [
        _Table(header="shipping", section=SHIPPING),
        _Table(header="shipping.zones.home", section=ZONE, given={"countries": f"[{literal(country)}]"}),
        _Table(header="#shipping.zones.world", section=ZONE, comment="Everywhere else."),
        *_standard("shipping.services.standard", currency),
        *_express("#shipping.services.express", currency),
    ]


def _standard(header: str, currency: str) -> list[_Table]:
    home = {"price": _amount(5, currency), "transit_days": "3"}
    world = {"price": _amount(20, currency), "transit_days": "10"}
    return [
        _Table(header=header, section=SERVICE, given={"name": literal("Standard")}),
        _Table(header=f"{header}.rates.home", section=RATE_TO_ZONE, given=home, only=(*home, "free_over")),
        _Table(
            header=f"#{header}.rates.world",
            section=RATE_TO_ZONE,
            suggested=world,
            only=tuple(world),
            comment="And into the other zone.",
        ),
    ]


def _express(header: str, currency: str) -> list[_Table]:
    light, heavy = _amount(8, currency), _amount(14, currency)
    bands = f"[{{ weight_grams_max = 2000, price = {light} }}, {{ weight_grams_max = 30000, price = {heavy} }}]"
    fast = {"bands": bands, "transit_days": "1"}
    name = {"name": literal("Express")}
    return [
        _Table(header=header, section=SERVICE, suggested=name, comment="A second service, with prices by weight."),
        _Table(
            header=f"{header}.rates.home",
            section=RATE_TO_ZONE,
            suggested=fast,
            only=(*fast, "each_further_kg"),
            comment="Its prices.",
        ),
    ]


def _later() -> list[_Table]:
    later = (CONFIRMATION, FULFILLMENT, RETURNS, PROMISES)
    names = tuple(key.name for key in DISCOUNT.keys if key.name != "amount")
    percent = "A discount code: a percentage."
    return [
        *(_Table(header=section.title, section=section) for section in later),
        _Table(header="#discounts.WELCOME", section=DISCOUNT, only=names, comment=percent),
        _Table(header="#discounts.FIVER", section=DISCOUNT, only=("amount",), comment="Another: an amount."),
    ]


def _rendered(table: _Table, currency: str) -> str:
    off, name = ("#", table.header[1:]) if table.header.startswith("#") else ("", table.header)
    keys = (key for key in table.section.keys if key.name != table.section.keyed_by and key.shape is not Shape.TABLES)
    chosen = (key for key in keys if not table.only or key.name in table.only)
    settings = [line for key in chosen for line in _setting(key, table, currency)]
    return "\n".join([f"# {table.comment or table.section.meaning}", f"{off}[{name}]", *settings, ""])


def _setting(key: Key, table: _Table, currency: str) -> list[str]:
    if key.name in table.given:
        line = f"{key.name} = {table.given[key.name]}"
    else:
        line = f"#{key.name} = {table.suggested.get(key.name) or _usual(key, table.section, currency)}"
    comment = _explained(key, table)
    if len(line) >= _COMMENT_COLUMN:
        return [f"# {comment}", line]
    return [f"{line:<{_COMMENT_COLUMN}}# {comment}"]


def _usual(key: Key, section: Section, currency: str) -> str:
    """A setting's default as TOML; its example when there is none to show."""
    default = section.default(key.name)
    if key.kind is AMOUNT:
        return _amount(int(key.example or 0), currency)
    return key.example or literal(default)


def _explained(key: Key, table: _Table) -> str:
    options = key.kind.options if isinstance(key.kind, Kind) and key.shape is Shape.ONE else ()
    choices = f" {one_of(options)}." if options else ""
    absent = key.when_absent or ("empty" if key.example else "")
    return f"{key.meaning}{choices}{f' Unless written: {absent}.' if absent and key.name not in table.given else ''}"


def _amount(units: int, currency: str) -> str:
    return literal(format_minor(units * 10 ** exponent(currency), currency))
