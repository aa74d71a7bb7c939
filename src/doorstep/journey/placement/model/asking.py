"""Everything that a shopper is still asked for about themselves and where they live. Pure."""

from collections.abc import Collection, Iterable

from doorstep.journey.placement.model.addresses import billing_problems, delivery_problems
from doorstep.journey.placement.model.boxes import box_problems
from doorstep.journey.placement.model.people import Reached, buyer_problems, phone_problems
from doorstep.journey.placement.model.priced import DeliveryOption
from doorstep.journey.placement.model.problems import Problem
from doorstep.journey.placement.model.tax_ids import customs_problems
from doorstep.journey.placement.model.vat import tax_id_problems
from doorstep.plan.records import Plan


def people_problems(
    found: Reached, services: Collection[str], options: Iterable[DeliveryOption], plan: Plan
) -> Iterable[Problem]:
    """What is missing or wrong in buyer and addresses, for the services by which everything is delivered."""
    wishes = found.wishes
    buyer, address = wishes.buyer, wishes.address
    name = buyer.name if buyer else ""
    yield from buyer_problems(buyer)
    yield from phone_problems(found, services, plan)
    tax_id = tuple(tax_id_problems(wishes, plan))
    yield from tax_id
    if not tax_id and address and address.country in plan.placement.tax_id_required_countries:
        yield from customs_problems(buyer.tax_id if buyer else "", address.country)
    yield from delivery_problems(address, name)
    yield from billing_problems(wishes.billing_address, name)
    yield from box_problems(address, services, options, plan)
