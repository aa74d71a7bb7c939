"""Where a person can go in the console: the entries of its menu, and the key that leads to each."""

from collections.abc import Iterable

from msgspec import Struct

from doorstep.access.model.permissions import Permission
from doorstep.web.labels import marked
from doorstep.web.pages.page import Visit


class Place(Struct, frozen=True):
    """An entry of the menu: where it leads, what it is called, and the key after `g`."""

    path: str
    name: str
    key: str


_P = Permission
_PLACES: tuple[tuple[str, str, str, Permission], ...] = (
    ("/console", marked("Board"), "b", _P.ORDERS_READ),
    ("/console/work", marked("Work list"), "w", _P.ORDERS_READ),
    ("/console/orders", marked("Orders"), "o", _P.ORDERS_READ),
    ("/console/stock", marked("Stock"), "s", _P.STOCK_READ),
    ("/console/numbers", marked("Numbers"), "n", _P.NUMBERS_READ),
    ("/console/staff", marked("Staff"), "t", _P.STAFF_MANAGE),
    ("/console/keys", marked("API keys"), "k", _P.KEYS_MANAGE),
    ("/console/audit", marked("Audit trail"), "a", _P.AUDIT_READ),
    ("/console/system", marked("System"), "y", _P.SYSTEM_READ),
)


def places(visit: Visit) -> Iterable[Place]:
    """The entries that this person may open."""
    return [Place(path, visit.language(name), key) for path, name, key, needs in _PLACES if visit.actor.may(needs)]
