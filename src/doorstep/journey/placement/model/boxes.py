"""PO boxes and parcel lockers, to which not every service delivers. Pure."""

from collections.abc import Iterable

from doorstep.journey.addresses.po_boxes import is_po_box
from doorstep.journey.order import Address
from doorstep.journey.placement.model.priced import DeliveryOption
from doorstep.journey.placement.model.problems import Option, Problem, Severity
from doorstep.kernel.phrase import phrase
from doorstep.plan.records import Plan


def box_problems(
    address: Address | None, services: Iterable[str], options: Iterable[DeliveryOption], plan: Plan
) -> Iterable[Problem]:
    """That a chosen service does not deliver to the box in the address, and which of those offered do."""
    refusing = [found for name in services if (found := plan.service(name)) and not found.po_boxes]
    if not refusing or address is None or not is_po_box(address.street):
        return
    serving = {one.id: one.name for one in plan.shipping.services if one.po_boxes}
    offered = {one.service: serving[one.service] for one in options if one.service in serving}
    refused = refusing[0].name
    said = phrase("{service} does not deliver to PO boxes and parcel lockers.", service=refused)
    if offered:
        said = phrase(
            "{service} does not deliver to PO boxes and parcel lockers. These do: {others}.",
            service=refused,
            others=", ".join(offered.values()),
        )
    choices = tuple(Option(name, phrase("{name}", name=called)) for name, called in offered.items())
    yield Problem("po_box_not_served", "address.street", Severity.BUYER_INPUT, said, options=choices)
