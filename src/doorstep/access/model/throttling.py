"""How tries that fail slow down those that follow. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from msgspec import Struct
from msgspec.structs import replace

from doorstep.kernel.errors import TryLater

CALM = timedelta(days=1)
_WAIT_MIN = timedelta(seconds=30)
_WAIT_MAX = timedelta(hours=1)


class Guarded(StrEnum):
    """What is guarded against too many tries."""

    ACCOUNT = "account"
    ADDRESS = "address"
    SECOND_FACTOR = "second"
    MAIL = "mail"
    MAIL_ADDRESS = "mail_address"


FREE_TRIES: Mapping[Guarded, int] = {
    Guarded.ACCOUNT: 5,
    Guarded.ADDRESS: 30,
    Guarded.SECOND_FACTOR: 5,
    Guarded.MAIL: 3,
    Guarded.MAIL_ADDRESS: 10,
}
"""How many tries there are before each further one has to wait."""


class Throttled(TryLater):
    """Too many tries in too short a time."""

    status = 429


class Throttle(Struct, frozen=True):
    """The tries of one account or address since the last calm day."""

    key: str
    failures: int
    tried_at: datetime
    blocked_until: datetime


def key_of(guarded: Guarded, name: str) -> str:
    """The key of a throttle: names are kept as digests, and an IPv6 address stands for its network of 64 bits."""
    return f"{guarded.value}:{sha256(name.encode()).hexdigest()[:32]}"


def network_of(address: str) -> str:
    """The address by which a client is counted; what is no address counts as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))


def untried(key: str, at: datetime) -> Throttle:
    """A throttle before the first try."""
    return Throttle(key, 0, at, at)


def tried(throttle: Throttle, at: datetime) -> Throttle:
    """The throttle after one more try, which counts as failed until it is known to be good.

    Throttled when it is still blocked. So of many tries at once no more get through than one after the other.
    """
    if at < throttle.blocked_until:
        raise blocked(throttle.blocked_until - at)
    failures = 1 if at - throttle.tried_at >= CALM else throttle.failures + 1
    return replace(throttle, failures=failures, tried_at=at, blocked_until=at + wait_after(throttle.key, failures))


def taken_back(throttle: Throttle) -> Throttle:
    """The throttle without its last try, which was good."""
    return replace(throttle, failures=max(0, throttle.failures - 1), blocked_until=throttle.tried_at)


def wait_after(key: str, failures: int) -> timedelta:
    """How long to wait after so many failures: nothing at first, then 30 seconds and twice as long each time."""
    over = failures - FREE_TRIES[Guarded(key.partition(":")[0])]
    return timedelta(0) if over < 0 else min(_WAIT_MAX, _WAIT_MIN * 2 ** min(over, 20))


def blocked(wait: timedelta) -> Throttled:
    """The error, which says how long to wait and not whether there is such an account."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    said = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
    return Throttled("too_many_tries", f"That was tried too often. Please try again in {said}.", float(seconds))
