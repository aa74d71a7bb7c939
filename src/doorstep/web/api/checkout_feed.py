"""What is told of an open checkout: that it changed, how its payment stands, and what its shopper is asked."""

from dataclasses import dataclass, field

import msgspec

from doorstep.journey.overview.story import PaymentStep
from doorstep.journey.placement.flow.conversation import Look
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import CheckoutId, order_of
from doorstep.live.hub import News
from doorstep.live.teller import checkout_topic, order_topic, stock_topic
from doorstep.web.api.question_views import QuestionView, ended, public, question_views
from doorstep.web.given import Given
from doorstep.web.language import spoken
from doorstep.web.stream import Event

_encode = msgspec.json.Encoder().encode
_DIGITS_MAX = 9


@dataclass
class CheckoutFeed:
    """That a checkout changed, how its payment stands, what is asked. Ids are its version and its order's facts.

    Whoever connects is told all open questions, so that none is missed; a question has a name, and may be told twice.
    While somebody listens the checkout is looked at again when one of its items is sold out.
    """

    given: Given
    checkout_id: CheckoutId
    last: str
    after: str = ""
    topics: tuple[str, ...] = field(init=False)
    told: tuple[object, ...] = ()
    asked: dict[str, QuestionView] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.topics = (checkout_topic(self.checkout_id), order_topic(order_of(self.checkout_id)))

    async def first(self) -> tuple[Event, ...]:
        """Where the client stands, or that it missed something; and all that is asked."""
        event, asked = await self._look()
        if not self.last:
            return (Event(event.id, "open", event.data), *asked)
        if self.last == event.id:
            return asked
        return (event if is_before(self.last, event.id) else Event(event.id, "reset", event.data), *asked)

    async def next(self, news: News) -> tuple[Event, ...]:
        """That it changed, if what its shopper sees did."""
        if any(topic.startswith(stock_topic("")) for topic in news.topics):
            await self.given.lanes.hear.ask(Look(self.checkout_id, self.given.clock.now()))
        before = self.told
        event, asked = await self._look()
        return (event, *asked) if self.told != before else asked

    async def read(self) -> tuple[Checkout, PaymentStep | None, int]:
        """The checkout, how its payment stands, and how many facts its order has. From here on these are its topics."""
        async with self.given.database.read() as tx:
            checkout = (await self.given.placement.read(tx, [self.checkout_id])).get(self.checkout_id)
            if checkout is None:
                raise Missing("no_such_checkout", f"There is no checkout {self.checkout_id}.")
            order_id = checkout.order_id
            payment = await self.given.overview.payment(tx, order_id) if order_id else None
            number = (await self.given.overview.number(tx, order_id))[1] if order_id else 0
        items = () if order_id else tuple({stock_topic(wish.sku) for wish in checkout.wishes.lines})
        self.topics = (checkout_topic(checkout.id), order_topic(order_of(checkout.id)), *items)
        return checkout, payment, number

    async def _look(self) -> tuple[Event, tuple[Event, ...]]:
        checkout, payment, number = await self.read()
        self.told = (checkout.version, payment)
        data = {"version": checkout.version, "state": checkout.state, "payment": payment.state if payment else None}
        event = Event(f"{checkout.version}-{number}", "changed", _encode(data))
        return event, tuple(self._questions(checkout, payment))

    def _questions(self, checkout: Checkout, payment: PaymentStep | None) -> list[Event]:
        """What is asked and was not told of, and how what was told of ended."""
        say = spoken(checkout.wishes.locale, self.given.plans.in_force.store).sentence
        before, self.asked = self.asked, {one.id: public(one) for one in question_views(checkout, payment, say)}
        new = [one for one in self.asked.values() if one != before.get(one.id)]
        over = [ended(one, checkout) for one in before.values() if one.id not in self.asked]
        return [_event(one, checkout.version) for one in (*over, *new)]


def _event(view: QuestionView, version: int) -> Event:
    """A question as it is told: without an id, so that a client that resumes is told of the change around it again."""
    return Event("", "question", _encode({"version": version, **msgspec.to_builtins(view, builtin_types=())}))


def is_before(earlier: str, later: str) -> bool:
    """Whether both parts of an id are at most those of a later one."""
    pairs = list(zip(earlier.split("-"), later.split("-"), strict=False))
    return len(earlier.split("-")) == len(pairs) == 2 and all(number_in(a, int(b)) is not None for a, b in pairs)


def number_in(text: str, most: int) -> int | None:
    """A whole number up to a bound, or None when the text is none."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS_MAX or int(text) > most:
        return None
    return int(text)
