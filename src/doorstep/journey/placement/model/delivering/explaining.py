"""Why a way of delivery is as it is, and what would have changed it. Pure."""

from collections.abc import Iterable

from doorstep.journey.order import Counts
from doorstep.journey.placement.model.delivering.promising import Window
from doorstep.journey.placement.model.delivering.sending import Sending
from doorstep.journey.placement.model.delivering.ways import Way
from doorstep.kernel.phrase import Phrase, phrase

_SAID_MAX = 3


def way_why(sending: Sending, way: Way) -> Iterable[Phrase]:
    """Why there are so many deliveries."""
    if len(way.locations) == 1:
        yield phrase("Everything comes from {location}.", location=sending.locations[way.locations[0]].name)
        return
    lacks = {at: _lacking(sending, at) for at in range(len(sending.locations))}
    whole = next((at for at in lacks if not lacks[at]), None)
    if whole is not None:
        name = sending.locations[whole].name
        yield phrase("{location} has everything, but this comes earlier or costs less.", location=name)
        return
    main = max(range(len(way.locations)), key=lambda place: sum(way.units[place]))
    yield from _missing(sending, way.locations[main], lacks[way.locations[main]])
    nearest = min(way.locations, key=lambda at: (sum(lacks[at].values()), at))
    yield _change(sending, nearest, lacks[nearest])


def parcel_why(sending: Sending, location: int, units: Counts, window: Window) -> Iterable[Phrase]:
    """Why a parcel leaves when it does."""
    place = sending.locations[location]
    if sending.late and sending.late[0] == location:
        for one, count in zip(sending.goods.demands, sending.late[1], strict=True):
            if count and any(line.item.sku == one.sku for line in sending.goods.lines if line.position in dict(units)):
                name, days = sending.goods.items[one.sku].name, sending.plan.stock.backorder_days
                yield phrase(
                    "{count} × {item} is awaited and leaves {days} days later.", count=count, item=name, days=days
                )
    elif window.leaves_at.date() > sending.at.date():
        time, day = f"{place.cut_off:%H:%M}", window.leaves_at.date()
        yield phrase(
            "What is ordered until {time} leaves the same working day; this leaves on {day}.", time=time, day=day
        )


def _lacking(sending: Sending, location: int) -> dict[int, int]:
    """By demand how many units a location does not have."""
    pairs = zip(sending.goods.demands, sending.free, strict=True)
    lacks = {index: one.quantity - row[location] for index, (one, row) in enumerate(pairs)}
    return {index: count for index, count in lacks.items() if count > 0}


def _missing(sending: Sending, location: int, lacks: dict[int, int]) -> Iterable[Phrase]:
    name = sending.locations[location].name
    for index in list(lacks)[:_SAID_MAX]:
        item, there = _item(sending, index), sending.free[index][location]
        if there:
            yield phrase("Only {count} × {item} is at {location}.", count=there, item=item, location=name)
        else:
            yield phrase("{item} is not at {location}.", item=item, location=name)


def _change(sending: Sending, location: int, lacks: dict[int, int]) -> Phrase:
    name = sending.locations[location].name
    if len(lacks) == 1:
        ((index, count),) = lacks.items()
        return phrase(
            "With {count} × {item} at {location} it would be one delivery.",
            count=count,
            item=_item(sending, index),
            location=name,
        )
    count = sum(lacks.values())
    return phrase("With {count} more units at {location} it would be one delivery.", count=count, location=name)


def _item(sending: Sending, index: int) -> str:
    return sending.goods.items[sending.goods.demands[index].sku].name
