"""Every measurement by its name, what it is about, and on which databases it is made."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.by_hand import by_hand
from bench.console import console
from bench.deciding import deciding
from bench.figures import Row
from bench.flash_sale import flash_sale
from bench.growth import growth
from bench.journey import journey
from bench.over_http import over_http, with_journey
from bench.placing import placing, singly
from bench.replaying import replaying
from bench.reporting import numbers
from bench.starting import starting
from bench.topic import Assignment

BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Topic:
    """A measurement: what it says, and how it is made."""

    says: str
    measure: Callable[[Assignment], Awaitable[Sequence[Row]]]
    databases: tuple[str, ...] = BOTH


TOPICS: Mapping[str, Topic] = {
    "placing": Topic("Placing through the lane", placing),
    "singly": Topic("Placing one order a transaction", singly),
    "by_hand": Topic("The least that placing can be", by_hand, ("postgresql",)),
    "journey": Topic("The journey of placed orders", journey),
    "over_http": Topic("A full checkout over HTTP", over_http),
    "with_journey": Topic("The same with every journey behind it", with_journey),
    "flash_sale": Topic("A flash sale", flash_sale),
    "replaying": Topic("Replay of the recorded year", replaying),
    "growth": Topic("With many orders there", growth),
    "console": Topic("The console with many orders there", console),
    "numbers": Topic("The store's numbers", numbers),
    "deciding": Topic("Where an order's units come from", deciding, ("none",)),
    "starting": Topic("Starting", starting),
}
