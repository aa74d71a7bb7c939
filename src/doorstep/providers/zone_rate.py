"""The store's own carrier: the plan's zones and rates say what the shopper pays, no outside service is asked.

Label reference and tracking number follow from the key alone, so there is nothing to remember: asking twice is asking
once. The scheme of the numbers is in `parcels`.
"""

from doorstep.plug.carrier import LabelOutcome, LabelRequest, LabelVerdict, TrackingEvent, TrackingQuestion
from doorstep.providers.parcels import Fate, fate_of, journey, tracking_number

_CARRIER = "ZR"


class ZoneRateCarrier:
    """Labels that cost nothing here, and parcels that arrive on the promised working day."""

    name = "zone-rate"

    async def buy_label(self, request: LabelRequest) -> LabelOutcome:
        """A label of the store's own. It is never refused."""
        number = tracking_number(_CARRIER, Fate.DELIVERED, request.key)
        return LabelOutcome(verdict=LabelVerdict.BOUGHT, tracking_number=number, label_reference=f"label-{number}")

    async def track(self, question: TrackingQuestion) -> tuple[TrackingEvent, ...]:
        """Where the parcel is by the plan's transit days, oldest first."""
        fate = fate_of(question.tracking_number, _CARRIER)
        return journey(question, fate) if fate else ()
