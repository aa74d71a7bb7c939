"""The corner shop of the demo: what it sells, who ordered there, and how far each order came before the reader did.

The invented people of the demo leave these orders alone: what is left to be done about them is the reader's.
"""

from msgspec import Struct

from doorstep.catalog.model import Item
from doorstep.journey.order import Address
from doorstep.journey.standing import Stage

ITEMS = (
    Item("TEA-ASSAM", "Assam tea, 250 g", 750, 260),
    Item("TEA-MINT", "Peppermint tea, 100 g", 480, 120),
    Item("MUG-BLUE", "Blue stoneware mug", 950, 380),
    Item("POT-IRON", "Cast iron tea pot", 4800, 1900),
    Item("TRAY-OAK", "Oak tray", 2750, 1200),
    Item("TIN-RED", "Red tea tin", 525, 150),
)
SKUS = frozenset(item.sku for item in ITEMS)
ON_HAND = {"TEA-ASSAM": 60, "TEA-MINT": 40, "MUG-BLUE": 34, "POT-IRON": 14, "TRAY-OAK": 9, "TIN-RED": 3}
"""What the shop has before anybody orders: of red tins there are hardly any."""

REFUSED_POSTCODE, LOST_POSTCODE = "ZE2 9XX", "PA78 6SY"
"""Places to which the carrier sells no label, and on the way to which it loses every parcel."""
UNSURE_EMAIL, BAFFLING_EMAIL = "noor.haddad@customers.example", "iris.lindqvist@customers.example"
"""Those of whom the mail server does not say whether their mail went, and of whom it says what nobody understands."""

_WAY = ("pick.report", "pack.report", "parcel.hand_over", "return.request", "return.approve", "return.receive")
Cart = tuple[tuple[str, int], ...]


class Step(Struct, frozen=True):
    """Something that somebody of the staff did: how many hours ago, which act, and what they said with it."""

    hours_ago: float
    act: str
    words: str = ""


class Shopper(Struct, frozen=True):
    """Somebody who ordered, how many hours ago and what, and the stage in which the order is when the reader comes.

    `pays` is the sandbox's word for how the payment goes.
    """

    name: str
    stage: Stage
    hours_ago: float
    cart: Cart
    steps: tuple[Step, ...] = ()
    pays: str = ""
    postcode: str = "YO1 7HH"
    country: str = "GB"

    @property
    def reference(self) -> str:
        """The order's reference: the same whenever the demo is made."""
        return f"shop-{self.name.split()[0].lower()}"

    @property
    def email(self) -> str:
        """An address that reaches nobody (RFC 2606)."""
        return f"{'.'.join(self.name.lower().split())}@customers.example"

    @property
    def address(self) -> Address:
        """Where they live."""
        if self.country == "US":
            return Address("US", self.name, "7 Harbor Street", "Portland", self.postcode, "OR")
        return Address("GB", self.name, "3 Bridge Lane", "York", self.postcode)


def _done(*hours: float) -> tuple[Step, ...]:
    """The straight way: picked, packed, handed over, and then back again, so many hours ago each."""
    return tuple(Step(ago, act, "Not as I thought") for ago, act in zip(hours, _WAY, strict=False))


_TEA, _MINT, _MUGS, _TRAY = (("TEA-ASSAM", 2),), (("TEA-MINT", 3),), (("MUG-BLUE", 2),), (("TRAY-OAK", 1),)
_SET = (("POT-IRON", 1), ("MUG-BLUE", 4))
_MANY = (("POT-IRON", 3), ("TRAY-OAK", 1))

SHOPPERS = (
    Shopper("Amelie Brandt", Stage.PAYING, 0.3, _TEA, pays="late:900"),
    Shopper("Bilal Chaudhry", Stage.BUYER_ACTION, 0.9, _SET, pays="challenge"),
    Shopper("Chloe Dunmore", Stage.DECLINED, 0.6, _TRAY, pays="decline:insufficient funds"),
    Shopper("Dmitri Volkov", Stage.HELD, 0.7, _MANY),
    Shopper("Esther Okafor", Stage.HELD, 6, _MANY, (Step(5, "order.note", "Called back: a gift for colleagues."),)),
    Shopper("Fergus Muir", Stage.CONFIRMED, 0.4, _MUGS),
    Shopper("Greta Holm", Stage.CONFIRMED, 2.5, _TEA),
    Shopper("Hannah Weiss", Stage.PICKING, 30.5, _SET),
    Shopper("Iris Lindqvist", Stage.PICKING, 27.4, _MINT),
    Shopper("Jonas Meyer", Stage.PICKING, 20, (("TEA-ASSAM", 1), ("TIN-RED", 1))),
    Shopper("Keiko Tanaka", Stage.PICKING, 9, _MUGS),
    Shopper("Liam Byrne", Stage.PACKING, 32, _TRAY, _done(25.2)),
    Shopper("Mirela Pop", Stage.PACKING, 12, _TEA, _done(3)),
    Shopper("Noor Haddad", Stage.SHIPPING, 50, _MINT, _done(40, 23.6)),
    Shopper("Otto Kranz", Stage.SHIPPING, 18, _SET, _done(9, 6)),
    Shopper("Priya Nair", Stage.UNDERWAY, 190, _MUGS, _done(160, 156, 140), country="US", postcode="97209"),
    Shopper("Quentin Fabre", Stage.UNDERWAY, 40, _TEA, _done(30, 28, 20)),
    Shopper("Rosa Esposito", Stage.RETURNING, 420, _MUGS, _done(400, 398, 390, 166)),
    Shopper("Sanne de Vries", Stage.RETURNING, 400, _TRAY, _done(380, 378, 370, 120, 110, 5)),
    Shopper("Tomas Novak", Stage.RETURNING, 380, _TEA, _done(360, 358, 350, 60, 40)),
    Shopper("Una Gallagher", Stage.TROUBLE, 40, _MUGS, _done(30, 20.5), postcode=REFUSED_POSTCODE),
    Shopper("Viktor Sorensen", Stage.TROUBLE, 50, _SET, _done(40, 36, 25.5), pays="capture-fails"),
    Shopper("Wanda Kowalska", Stage.TROUBLE, 90, _MINT, _done(80, 78, 68), postcode=LOST_POSTCODE),
    Shopper("Xavier Roy", Stage.DELIVERED, 300, _SET, _done(280, 278, 270)),
    Shopper(
        "Yara Silva",
        Stage.RETURNED,
        410,
        _MUGS,
        (*_done(390, 388, 380, 150, 140, 60), Step(56, "return.inspect", "As new")),
    ),
    Shopper(
        "Zoe Marsh",
        Stage.LOST,
        160,
        _TEA,
        (*_done(150, 148, 140), Step(50, "question.answer", "refund")),
        postcode=LOST_POSTCODE,
    ),
    Shopper("Aaron Pike", Stage.CANCELED, 26, _TRAY, (Step(25, "order.cancel", "Changed their mind"),)),
    Shopper("Beatriz Luz", Stage.LAPSED, 30, _MUGS, pays="decline:card expired"),
    Shopper("Cedric Hale", Stage.REJECTED, 55, _MANY, (Step(53, "hold.reject", "The address does not exist"),)),
)
"""One order or more in every stage that lasts, in alphabet of the shoppers; some late, some about to be."""
