"""Items and stock from files that a spreadsheet wrote."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from doorstep.catalog import store as catalog
from doorstep.catalog.flow import Catalog
from doorstep.catalog.model import Changed, Compared, Item, ItemFile, read_items
from doorstep.commands.screen import (
    DatabaseUrl,
    PlanFile,
    complain,
    database_of,
    file_bytes,
    plain_table,
    progress,
    run,
    say,
    screen,
    settings_with,
)
from doorstep.kernel.clock import MachineClock
from doorstep.kernel.money import format_minor
from doorstep.kernel.sheet import BadLine
from doorstep.plan.load import read_plan
from doorstep.plan.records import Plan
from doorstep.settings import Settings
from doorstep.stock.flow import Shelf
from doorstep.stock.model.counting import Tallied, Tally, read_counts

_SHOWN_MAX = 20

CsvFile = Annotated[Path, typer.Argument(metavar="FILE.csv", help="CSV in UTF-8, with a header.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Import the good lines although there are bad ones.")]
CountName = Annotated[
    str,
    typer.Option(
        "--count",
        metavar="NAME",
        help="A name for this count. What was imported under a name is not imported again under it. "
        "Without it, the file's own content and the day are the name.",
    ),
]


def items(file: CsvFile, skip_bad: SkipBad = False, database: DatabaseUrl = None, plan: PlanFile = None) -> None:  # noqa: FBT002
    """Import items: sku, name, price, weight_grams and, if wanted, barcode, tax_class, length_mm, width_mm, height_mm,
    is_dangerous (yes or no) and substitutes (SKUs separated by spaces).

    New items are added and known ones changed; items that the file does not name stay as they are.
    """
    settings = settings_with(database, plan)
    rules = read_plan(Path(settings.plan))
    read = read_items(file_bytes(file), rules.store.currency, {rate.tax_class for rate in rules.tax.rates})
    _stop_at(read.bad, skip_bad=skip_bad)
    with progress() as told:
        told("writing items", 0, None)
        outcome = run(_bring_in(settings, read))
    if outcome.changed:
        screen.print(_item_changes(outcome.changed, rules.store.currency))
    say(f"Items: {len(outcome.new)} new, {len(outcome.changed)} changed, {outcome.unchanged} unchanged.")


def stock(
    file: CsvFile,
    count: CountName = "",
    skip_bad: SkipBad = False,  # noqa: FBT002
    database: DatabaseUrl = None,
    plan: PlanFile = None,
) -> None:
    """Import counted stock: sku, location, on_hand. What is on hand becomes what the file says."""
    settings, raw = settings_with(database, plan), file_bytes(file)
    rules, now = read_plan(Path(settings.plan)), MachineClock().now()
    counts, bad = read_counts(raw, [location.id for location in rules.locations])
    name = f"count:{count or f'{now:%Y-%m-%d}:{sha256(raw).hexdigest()[:16]}'}"
    with progress() as told:
        told("writing stock", 0, None)
        tally = Tally(name=name, at=now, counts=counts, bad=bad, skip_bad=skip_bad)
        outcome = run(_count(settings, rules, tally))
    if outcome.changed:
        screen.print(_stock_changes(outcome))
    say(f"Stock: {outcome.new} new, {len(outcome.changed)} changed, {outcome.unchanged} unchanged.")
    if outcome.earlier:
        said = "This count was" if count else "This file was"
        say(f"{said} imported before: {outcome.earlier} lines left alone. To set them again: --count ANOTHER-NAME")


async def _bring_in(settings: Settings, read: ItemFile) -> Compared:
    async with database_of(settings, writer=True) as database, database.begin() as tx:
        return await Catalog().bring_in(tx, read.items)


async def _count(settings: Settings, rules: Plan, tally: Tally) -> Tallied:
    shelf = Shelf(safety_stock=rules.stock.safety_stock, backorder=rules.stock.backorder)
    async with database_of(settings, writer=True) as database, database.begin() as tx:
        known = (await catalog.load(tx, [one.sku for one in tally.counts])).keys()
        outcome = await shelf.count(tx, tally.knowing(known))
        _stop_at(outcome.bad, skip_bad=tally.skip_bad)
        return outcome


def _stop_at(bad: Sequence[BadLine], *, skip_bad: bool) -> None:
    """Say every bad line; end there, with nothing imported, unless they are to be skipped."""
    for one in bad:
        complain(str(one))
    if bad and not skip_bad:
        lines = len({one.line for one in bad})
        count = "1 line is" if lines == 1 else f"{lines} lines are"
        complain(f"Nothing was imported: {count} wrong. To import the others: --skip-bad")
        raise typer.Exit(1)


def _item_changes(changed: Sequence[Changed], currency: str) -> Table:
    table = plain_table("item", "was", "is")
    for one in changed[:_SHOWN_MAX]:
        before, after = _shown(one.before, currency), _shown(one.after, currency)
        different = [name for name in before if before[name] != after[name]]
        table.add_row(
            one.after.sku,
            "\n".join(f"{name} {before[name]}" for name in different),
            "\n".join(f"{name} {after[name]}" for name in different),
        )
    return _with_rest(table, len(changed))


def _shown(item: Item, currency: str) -> dict[str, str]:
    return {
        "name": item.name,
        "price": format_minor(item.price_minor, currency),
        "weight": f"{item.weight_grams} g",
        "barcode": item.barcode or "–",
        "tax class": item.tax_class,
        "length": f"{item.length_mm} mm",
        "width": f"{item.width_mm} mm",
        "height": f"{item.height_mm} mm",
        "dangerous": "yes" if item.is_dangerous else "no",
        "substitutes": item.substitutes or "–",
    }


def _stock_changes(outcome: Tallied) -> Table:
    table = plain_table("item", "location", "#was", "#is")
    for one, before in outcome.changed[:_SHOWN_MAX]:
        table.add_row(one.sku, one.location, str(before), str(one.on_hand))
    return _with_rest(table, len(outcome.changed))


def _with_rest(table: Table, count: int) -> Table:
    if count > _SHOWN_MAX:
        table.caption, table.caption_justify = f"and {count - _SHOWN_MAX} more", "left"
    return table
