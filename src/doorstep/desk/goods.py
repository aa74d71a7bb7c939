"""What is done about stock and items: one place adjusted, a file imported."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Changed, Item, read_items
from doorstep.desk.bodies import AdjustmentBody, CountBody, FileBody
from doorstep.desk.crew import Crew
from doorstep.desk.model import Errand, Report, small
from doorstep.desk.through import Reports
from doorstep.kernel.errors import DoorstepError, Missing, Refused
from doorstep.kernel.money import format_minor
from doorstep.kernel.sheet import BadLine
from doorstep.stock.model.adjusting import Adjustment
from doorstep.stock.model.counting import Tally, read_counts
from doorstep.storage.transaction import Tx

SHOWN_MAX = 200
_BAD_SHOWN_MAX = 50


class LineChange(Struct, frozen=True):
    """What a file changes: an item, or an item at a location; how it was, and how it is then.

    Of an item only what becomes different is said, by the columns of the file; of a new one, which was nothing before,
    everything.
    """

    about: str
    before: str
    after: str


class Import(Struct, frozen=True, kw_only=True):
    """What a file comes to. `earlier` lines were imported before under the same name. Of `changes` and of new items,
    `added`, the first are shown; `bad` are the lines that cannot be used, with the reasons.
    """

    name: str
    new: int
    changed: int
    unchanged: int
    earlier: int
    changes: tuple[LineChange, ...]
    bad: tuple[BadLine, ...]
    added: tuple[LineChange, ...] = ()


async def adjust(crew: Crew, tx: Tx, errands: Sequence[Errand[AdjustmentBody]]) -> Reports:
    """Change what is on hand at places."""
    known = await catalog.load(tx, [one.body.sku for one in errands])
    places = {location.id for location in crew.ledger.plans.in_force.locations}
    answers: list[Report | DoorstepError] = []
    for one in errands:
        refused = _misplaced(one.body, known, places)
        answers.append(refused or await _adjust(crew, tx, one))
    return answers


async def import_stock(crew: Crew, tx: Tx, errands: Sequence[Errand[CountBody]]) -> Reports:
    """Make stock what was counted."""
    return [_report(one, await _import_stock(crew, tx, one), "stock") for one in errands]


async def import_items(crew: Crew, tx: Tx, errands: Sequence[Errand[FileBody]]) -> Reports:
    """Add items, and change those that are there."""
    return [_report(one, await _import_items(crew, tx, one), "items") for one in errands]


async def _adjust(crew: Crew, tx: Tx, one: Errand[AdjustmentBody]) -> Report | DoorstepError:
    body = one.body
    wish = Adjustment(one.name, body.sku, body.location, one.at, body.change, body.count, body.seen)
    answer = await crew.shelf.adjust(tx, wish)
    if isinstance(answer, DoorstepError):
        return answer
    before, after = answer.on_hand, answer.on_hand + answer.difference
    return Report(
        says=f"{body.sku} at {body.location}: {after} on hand, before {before}.",
        about=f"{body.sku} {body.location}",
        before=small(on_hand=before),
        after=small(on_hand=after),
    )


def _misplaced(body: AdjustmentBody, known: Mapping[str, Item], places: Collection[str]) -> DoorstepError | None:
    if (body.change is None) == (body.count is None):
        return Refused("change_or_count", "Say by how many it changes, or what was counted: one of the two.")
    if body.sku not in known:
        return Missing("no_such_item", f"There is no item {body.sku}.", {"sku": "There is no such item."})
    if body.location not in places:
        return Missing("no_such_location", f"There is no location {body.location}.", {"location": "There is none."})
    return None


async def _import_stock(crew: Crew, tx: Tx, one: Errand[CountBody]) -> Import:
    raw = one.body.csv.encode()
    counts, bad = read_counts(raw, [location.id for location in crew.ledger.plans.in_force.locations])
    name = f"count:{one.body.name or sha256(raw).hexdigest()[:16]}"
    tally = Tally(name=name, at=one.at, counts=counts, bad=bad, skip_bad=one.body.skip_bad or one.body.preview)
    known = (await catalog.load(tx, [count.sku for count in tally.counts])).keys()
    outcome = await crew.shelf.count(tx, tally.knowing(known))
    return Import(
        name=name,
        new=outcome.new,
        changed=len(outcome.changed),
        unchanged=outcome.unchanged,
        earlier=outcome.earlier,
        changes=tuple(
            LineChange(f"{count.sku} {count.location}", str(before), str(count.on_hand))
            for count, before in outcome.changed[:SHOWN_MAX]
        ),
        bad=outcome.bad,
    )


async def _import_items(crew: Crew, tx: Tx, one: Errand[FileBody]) -> Import:
    raw, plan = one.body.csv.encode(), crew.ledger.plans.in_force
    read = read_items(raw, plan.store.currency, {rate.tax_class for rate in plan.tax.rates})
    outcome = await crew.catalog.bring_in(tx, read.items)
    return Import(
        name=f"items:{sha256(raw).hexdigest()[:16]}",
        new=len(outcome.new),
        changed=len(outcome.changed),
        unchanged=outcome.unchanged,
        earlier=0,
        changes=tuple(_difference(one, plan.store.currency) for one in outcome.changed[:SHOWN_MAX]),
        bad=read.bad,
        added=tuple(
            LineChange(one.sku, "", ", ".join(_said(one, plan.store.currency))) for one in outcome.new[:SHOWN_MAX]
        ),
    )


def _report(one: Errand[Any], outcome: Import, what: str) -> Report:
    """The report of an import; with bad lines that are not to be skipped nothing is imported, and Refused is raised."""
    if outcome.bad and not (one.body.skip_bad or one.body.preview):
        shown = {f"line {bad.line}": f"{bad.field}: {bad.reason}".lstrip(": ") for bad in outcome.bad[:_BAD_SHOWN_MAX]}
        raise Refused("bad_lines", f"Nothing was imported: {len(outcome.bad)} lines cannot be used.", shown)
    said = f"{outcome.new} new, {outcome.changed} changed, {outcome.unchanged} unchanged"
    after = small(new=outcome.new, changed=outcome.changed, unchanged=outcome.unchanged, earlier=outcome.earlier)
    return Report(says=f"Imported {what}: {said}.", about=outcome.name, after=after, answer=outcome)


def _difference(one: Changed, currency: str) -> LineChange:
    before, after = _cells(one.before, currency), _cells(one.after, currency)
    names = [name for name in before if before[name] != after[name]]
    old, new = (", ".join(cells[name] for name in names) for cells in (before, after))
    return LineChange(one.after.sku, old, new)


def _cells(item: Item, currency: str) -> dict[str, str]:
    """What a file says of an item, each with its column, except for the name, which says itself what it is."""
    return {
        "name": item.name,
        "price": f"price {format_minor(item.price_minor, currency)}",
        "weight_grams": f"weight_grams {item.weight_grams}",
        "barcode": f"barcode {item.barcode or '–'}",
        "tax_class": f"tax_class {item.tax_class}",
        "length_mm": f"length_mm {item.length_mm or '–'}",
        "width_mm": f"width_mm {item.width_mm or '–'}",
        "height_mm": f"height_mm {item.height_mm or '–'}",
        "is_dangerous": f"is_dangerous {'yes' if item.is_dangerous else 'no'}",
        "substitutes": f"substitutes {item.substitutes or '–'}",
    }


def _said(item: Item, currency: str) -> Iterable[str]:
    """What a file says of an item that is new; of what few items have, only what it has."""
    cells = _cells(item, currency)
    given = {"name", "price", "weight_grams", "barcode", "tax_class"}
    return (cell for name, cell in cells.items() if name in given or getattr(item, name))
