"""Orders that shoppers collect: where that is. Pure."""

from doorstep.journey.order import Address
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.plan.records import Location, Plan


def is_collected(wishes: Wishes, plan: Plan) -> bool:
    """Whether it is to be collected: by such a service, or, chosen by its id, as nobody said where else it goes."""
    service = plan.service(wishes.service) if wishes.service else None
    if service and not wishes.delivery:
        return service.pickup
    return bool(wishes.delivery) and wishes.address is None and any(one.pickup for one in plan.shipping.services)


def collected_at(checkout: Checkout, plan: Plan) -> Location | None:
    """Where it is collected: as was chosen, else the first location that lets shoppers collect; None if it is sent."""
    chosen = checkout.chosen
    if chosen and (service := plan.service(chosen.parcels[0].service)) and service.pickup:
        return plan.location(chosen.parcels[0].location)
    if is_collected(checkout.wishes, plan):
        return next((location for location in plan.locations if location.pickup), None)
    return None


def address_of(location: Location, name: str) -> Address:
    """A location as the address at which somebody takes an order over."""
    return Address(
        country=location.country,
        name=name,
        street=location.street,
        city=location.city,
        postcode=location.postcode,
        company=location.name,
    )
