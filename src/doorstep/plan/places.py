"""Which zone and which surcharges hold for a place: by country, region and postcode, the most specific first."""

from collections.abc import Iterable

from msgspec import Struct

from doorstep.plan.postcodes import is_in
from doorstep.plan.records import Plan, Surcharge, Zone


class Place(Struct, frozen=True):
    """Where something goes, as an address says it; what an address does not say is empty."""

    country: str
    region: str = ""
    postcode: str = ""


def zone_of(plan: Plan, place: Place) -> Zone | None:
    """The zone that names the postcode, else the region, else the country, else the rest of the world, else none.

    Of several that are as specific, the one that the plan writes first.
    """
    ranked = [(_rank(zone, place), zone) for zone in plan.shipping.zones]
    best = max((rank for rank, _ in ranked), default=0)
    return next(zone for rank, zone in ranked if rank == best) if best else None


def surcharges_of(plan: Plan, place: Place, service: str) -> Iterable[Surcharge]:
    """The surcharges of a service that a place does not rule out."""
    return (
        one
        for one in plan.shipping.surcharges
        if (not one.services or service in one.services)
        and (not one.countries or place.country in one.countries)
        and (not one.postcodes or is_in(place.postcode, one.postcodes))
    )


def _rank(zone: Zone, place: Place) -> int:
    """How well a zone says where a place is: 4 by the postcode down to 1 as the rest of the world; 0 not at all."""
    if not zone.countries:
        return 1
    if place.country not in zone.countries:
        return 0
    if zone.postcodes and is_in(place.postcode, zone.postcodes):
        return 4
    if zone.regions and place.region.strip().casefold() in {region.casefold() for region in zone.regions}:
        return 3
    return 0 if zone.postcodes or zone.regions else 2
