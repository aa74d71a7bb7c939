"""Every law, on a database as it stands: facts are folded again, and what is derived must come out the same."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.journey import standing as fold
from doorstep.journey.facts import Fact
from doorstep.journey.ledger import store as ledger
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.order import Order
from doorstep.journey.overview.story import deadline_of, owner_of, refold
from doorstep.journey.payment import store as payments
from doorstep.journey.payment.model import CallState, MoneyCall
from doorstep.journey.standing import ENDS, Standing
from doorstep.kernel.ids import OrderId
from doorstep.plug.payment import PaymentAct
from doorstep.stock import store as stock
from doorstep.stock.model.balances import broken as stock_broken
from doorstep.storage.database import Database
from doorstep.storage.transaction import Tx

_PAGE = 500


class Sums(Struct):
    """What all orders come to."""

    stages: Counter[str]
    units: Counter[str]
    money: Counter[str]
    facts: Counter[str]


class Verdict(Struct):
    """What was checked, what is broken (a sentence each, with the order's number), what it all comes to."""

    checked: int
    broken: list[str]
    orders: int
    sums: Sums


async def verify(database: Database, ledger_of: Ledger, progress: Callable[[int], None], *, backorder: bool) -> Verdict:
    """Check everything, in one consistent snapshot, an orders' page at a time."""
    verdict = Verdict(0, [], 0, Sums(Counter(), Counter(), Counter(), Counter()))
    promised: Counter[tuple[str, str]] = Counter()
    async with database.read() as tx:
        after = ""
        while ids := await ledger.order_ids(tx, after, _PAGE):
            after = ids[-1]
            await _check_page(tx, ledger_of, ids, verdict, promised)
            progress(len(ids))
        await _check_stock(tx, verdict, promised, backorder=backorder)
    return verdict


async def _check_page(
    tx: Tx, ledger_of: Ledger, ids: Sequence[OrderId], verdict: Verdict, promised: Counter[tuple[str, str]]
) -> None:
    orders = await ledger_of.orders(tx, ids)
    told = await ledger.load_facts(tx, ids)
    rows = await ledger.headline_rows(tx, ids)
    calls = await payments.calls_of_orders(tx, ids)
    for order_id in ids:
        order, facts = orders[order_id], told.get(order_id, [])
        standing = refold(order, facts)
        plan = ledger_of.plans[order.plan_version]
        said = [
            *fold.broken(standing),
            *_headline(rows.get(order_id), (*ledger.derived(standing, fold.due_ms(standing, plan)), plan.version)),
            *_first_fact(facts),
            *_money_calls(standing, calls.get(order_id, [])),
            *_deliveries(order, standing),
            *_waiting(standing, owner_of(standing), has_deadline=deadline_of(standing, plan) is not None),
        ]
        verdict.broken += [f"order {order.number}: {sentence}" for sentence in said]
        verdict.checked += 6
        verdict.orders += 1
        _add_up(verdict.sums, standing, [fact for _, fact in facts])
        _add_promises(promised, order, standing)


def _headline(row: tuple[object, ...] | None, wanted: tuple[object, ...]) -> Iterable[str]:
    if row is None:
        yield "it has no headline"
    elif row != wanted:
        yield f"its headline says {_short(row)} but its facts say {_short(wanted)}"


def _short(derived: tuple[object, ...]) -> tuple[object, ...]:
    """What is derived, without the whole standing."""
    return *derived[:4], *derived[5:]


def _first_fact(facts: Sequence[tuple[int, Fact]]) -> Iterable[str]:
    if not facts or not isinstance(facts[0][1], f.OrderPlaced):
        yield "its story does not begin with its being placed"


def _money_calls(standing: Standing, calls: Sequence[MoneyCall]) -> Iterable[str]:
    sums = Counter(dict.fromkeys(PaymentAct, 0))
    for call in calls:
        if call.state is CallState.SUCCEEDED:
            sums[call.act] += call.amount
    balance = standing.balance
    for act, told in ((PaymentAct.CAPTURE, balance.captured), (PaymentAct.REFUND, balance.refunded)):
        if sums[act] != told:
            yield f"its facts tell of {told} by {act.value} but its calls moved {sums[act]}"


def _deliveries(order: Order, standing: Standing) -> Iterable[str]:
    made = len(standing.units.parcels)
    if made > order.deliveries_max:
        yield f"it came in {made} deliveries, but the customer agreed to {order.deliveries_max}"


def _waiting(standing: Standing, owner: str, *, has_deadline: bool) -> Iterable[str]:
    if standing.stage not in ENDS and not (owner and has_deadline):
        yield f"it waits in {standing.stage} with no owner or no deadline"


def _add_up(sums: Sums, standing: Standing, facts: Iterable[Fact]) -> None:
    sums.stages[standing.stage.value] += 1
    for line in standing.units.lines:
        for name in line.__struct_fields__:
            sums.units[name] += getattr(line, name)
    balance = standing.balance
    for name in ("total", "authorized", "voided", "captured", "granted", "refunded"):
        sums.money[name] += getattr(balance, name)
    sums.facts.update(fact.kind for fact in facts)


def _add_promises(promised: Counter[tuple[str, str]], order: Order, standing: Standing) -> None:
    for promise in standing.units.promises.values():
        for position, count in promise.to_pick:
            promised[order.line(position).sku, promise.location] += count


async def _check_stock(tx: Tx, verdict: Verdict, promised: Counter[tuple[str, str]], *, backorder: bool) -> None:
    sums = await stock.movement_sums(tx)
    reserved: Counter[tuple[str, str]] = Counter()
    for sources in (await stock.active(tx)).values():
        for source in sources:
            reserved[source.sku, source.location] += source.quantity
    balances = await stock.balances(tx)
    for one in balances:
        place = (one.sku, one.location)
        name = f"{one.sku} at {one.location}"
        if (one.on_hand, one.reserved, one.allocated) != sums.get(place, (0, 0, 0)):
            verdict.broken.append(f"stock of {name}: {one} is not the sum of its movements {sums.get(place)}")
        if one.reserved != reserved[place]:
            verdict.broken.append(f"stock of {name}: {one.reserved} reserved, but orders hold {reserved[place]}")
        if one.allocated != promised[place]:
            verdict.broken.append(f"stock of {name}: {one.allocated} allocated, but orders wait for {promised[place]}")
        if sentence := stock_broken(one, backorder=backorder):
            verdict.broken.append(f"stock of {sentence}")
        verdict.checked += 4
    missing = sums.keys() - {(one.sku, one.location) for one in balances}
    verdict.broken += [
        f"stock of {sku} at {location}: movements without a balance" for sku, location in sorted(missing)
    ]
