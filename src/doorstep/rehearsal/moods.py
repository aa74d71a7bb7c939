"""A carrier and a mail server with whom not all goes well, for the orders that the demo begins with."""

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from doorstep.plug.carrier import (
    LabelOutcome,
    LabelRequest,
    LabelVerdict,
    TrackingEvent,
    TrackingQuestion,
    TrackingStatus,
)
from doorstep.plug.loader import Providers
from doorstep.plug.notification import Message, NotificationProvider, SendOutcome, SendVerdict
from doorstep.plug.payment import PaymentVerdict
from doorstep.providers.parcels import Fate, fate_of, tracking_number
from doorstep.providers.zone_rate import ZoneRateCarrier
from doorstep.rehearsal.shoppers import BAFFLING_EMAIL, LOST_POSTCODE, REFUSED_POSTCODE, UNSURE_EMAIL

_LETTERS = "ZR"
_LOST_AFTER = timedelta(hours=40)


class MoodyCarrier(ZoneRateCarrier):
    """The store's own carrier, which does not go everywhere and loses what is for one place."""

    async def buy_label(self, request: LabelRequest) -> LabelOutcome:
        """A label, unless nobody drives to the postcode."""
        if request.postcode == REFUSED_POSTCODE:
            return LabelOutcome(verdict=LabelVerdict.REFUSED, reason=f"no service to {request.postcode}")
        fate = Fate.LOST if request.postcode == LOST_POSTCODE else Fate.DELIVERED
        number = tracking_number(_LETTERS, fate, request.key)
        return LabelOutcome(verdict=LabelVerdict.BOUGHT, tracking_number=number, label_reference=f"label-{number}")

    async def track(self, question: TrackingQuestion) -> tuple[TrackingEvent, ...]:
        """Where the parcel is; what gets lost is known to be so after two days."""
        number, lost_at = question.tracking_number, question.handed_over_at + _LOST_AFTER
        if fate_of(number, _LETTERS) is not Fate.LOST or question.at < lost_at:
            return await super().track(question)
        lost = TrackingStatus.LOST
        return (TrackingEvent(event_id=f"{number}-{lost}", tracking_number=number, status=lost, at=lost_at),)


class MoodyMail:
    """Keeps mail as the store's own provider does, but for two addresses."""

    can_deduplicate = True

    def __init__(self, kept: NotificationProvider) -> None:
        self.name = kept.name
        self._kept = kept

    async def send(self, message: Message) -> SendOutcome:
        """Hand a message over. One address is never confirmed; for another the answer is one that nobody knows."""
        if message.recipient == UNSURE_EMAIL:
            return SendOutcome(verdict=SendVerdict.UNKNOWN, reason="the mail server did not answer in time")
        if message.recipient == BAFFLING_EMAIL:
            return SendOutcome(verdict=cast(SendVerdict, PaymentVerdict.ACTION_REQUIRED))
        return await self._kept.send(message)


def moody(providers: Providers) -> Providers:
    """The same providers, in moods."""
    carrier = MoodyCarrier()
    mails: Mapping[str, NotificationProvider] = {name: MoodyMail(one) for name, one in providers.notifications.items()}
    return Providers(providers.payments, {**providers.carriers, carrier.name: carrier}, mails, providers.taxes)
