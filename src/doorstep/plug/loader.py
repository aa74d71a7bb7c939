"""Finds the providers that a store can name: the bundled ones it is given, and those that installed packages offer.

A package offers one by an entry point in the group `doorstep.payment`, `doorstep.carrier`, `doorstep.notification` or
`doorstep.tax`. The entry point's name is the provider's name; what it points to is called without arguments and returns
the provider. A package that does not keep to this stops the start with an error that names it.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, TypeVar, cast, runtime_checkable

from msgspec import Struct

from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.plug.carrier import Carrier
from doorstep.plug.notification import NotificationProvider
from doorstep.plug.payment import PaymentProvider
from doorstep.plug.tax import TaxEngine

PAYMENT_GROUP = "doorstep.payment"
CARRIER_GROUP = "doorstep.carrier"
NOTIFICATION_GROUP = "doorstep.notification"
TAX_GROUP = "doorstep.tax"

_METHODS = {
    PAYMENT_GROUP: ("call",),
    CARRIER_GROUP: ("buy_label", "track"),
    NOTIFICATION_GROUP: ("send",),
    TAX_GROUP: ("quote",),
}
_WHAT = {
    PAYMENT_GROUP: "payment provider",
    CARRIER_GROUP: "carrier",
    NOTIFICATION_GROUP: "notification provider",
    TAX_GROUP: "tax engine",
}

# What code of others plainly does wrong while it is imported and called; anything else is left to be seen as it is.
_BROKEN = (
    ImportError,
    SyntaxError,
    AttributeError,
    NameError,
    TypeError,
    ValueError,
    LookupError,
    OSError,
    RuntimeError,
    DoorstepError,
)


@runtime_checkable
class Closable(Protocol):
    """A provider that holds connections or files may offer this; it is called when the process ends."""

    async def close(self) -> None:
        """Give everything back."""
        ...


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Provider = TypeVar("Provider", bound=_Named)


class Providers(Struct, frozen=True):
    """Every provider that a plan can name, by its name."""

    payments: Mapping[str, PaymentProvider]
    carriers: Mapping[str, Carrier]
    notifications: Mapping[str, NotificationProvider]
    taxes: Mapping[str, TaxEngine] = {}

    def payment(self, name: str) -> PaymentProvider:
        """The payment provider of that name, or Refused with the names there are."""
        return _named(self.payments, name, PAYMENT_GROUP)

    def carrier(self, name: str) -> Carrier:
        """The carrier of that name, or Refused with the names there are."""
        return _named(self.carriers, name, CARRIER_GROUP)

    def notification(self, name: str) -> NotificationProvider:
        """The notification provider of that name, or Refused with the names there are."""
        return _named(self.notifications, name, NOTIFICATION_GROUP)

    def tax(self, name: str) -> TaxEngine:
        """The tax engine of that name, or Refused with the names there are."""
        return _named(self.taxes, name, TAX_GROUP)

    async def close(self) -> None:
        """Close every provider that can be closed."""
        named = (self.payments, self.carriers, self.notifications, self.taxes)
        for provider in (provider for providers in named for provider in providers.values()):
            if isinstance(provider, Closable):
                await provider.close()


def load(
    payments: Iterable[PaymentProvider],
    carriers: Iterable[Carrier],
    notifications: Iterable[NotificationProvider],
    taxes: Iterable[TaxEngine] = (),
) -> Providers:
    """The given providers and those of installed packages. Two of one kind and name are refused."""
    return Providers(
        payments=_collected(PAYMENT_GROUP, payments),
        carriers=_collected(CARRIER_GROUP, carriers),
        notifications=_collected(NOTIFICATION_GROUP, notifications),
        taxes=_collected(TAX_GROUP, taxes),
    )


def _collected(group: str, bundled: Iterable[Provider]) -> Mapping[str, Provider]:
    found = {provider.name: provider for provider in bundled}
    origins = dict.fromkeys(found, "doorstep")
    for point in sorted(entry_points(group=group), key=lambda point: (point.name, _origin(point))):
        if point.name in found:
            raise _broken(point, f"there is a {_WHAT[group]} {point.name!r} already, of {origins[point.name]}")
        found[point.name] = cast("Provider", _made(point))
        origins[point.name] = _origin(point)
    return found


def _made(point: EntryPoint) -> object:
    """The provider that an entry point offers, with the parts that its kind must have."""
    try:
        provider: object = point.load()()
    except _BROKEN as error:
        raise _broken(point, f"{type(error).__name__}: {error}") from error
    missing = [method for method in _METHODS[point.group] if not callable(getattr(provider, method, None))]
    if missing:
        raise _broken(point, f"{type(provider).__name__} has no method {' and no '.join(missing)}")
    if (name := getattr(provider, "name", None)) != point.name:
        raise _broken(point, f"the provider calls itself {name!r}, its entry point {point.name!r}")
    if point.group == NOTIFICATION_GROUP and not isinstance(getattr(provider, "can_deduplicate", None), bool):
        raise _broken(point, f"{type(provider).__name__} does not say whether it can_deduplicate")
    return provider


def _broken(point: EntryPoint, why: str) -> Refused:
    return Refused(
        "broken_plugin",
        f"The package {_origin(point)} offers the {_WHAT[point.group]} {point.name!r} ({point.value}), "
        f"which cannot be used: {why}. Repair the package or uninstall it.",
        {"package": _origin(point), "entry_point": point.name, "group": point.group},
    )


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "of unknown name"


def _named(known: Mapping[str, Provider], name: str, group: str) -> Provider:
    try:
        return known[name]
    except KeyError:
        raise _unknown(sorted(known), name, _WHAT[group]) from None


def _unknown(known: Sequence[str], name: str, what: str) -> Refused:
    close = get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    there_are = ", ".join(known) or "none"
    return Refused(
        "unknown_provider", f"There is no {what} {name!r}; there are: {there_are}.{hint}", {"provider": name}
    )
