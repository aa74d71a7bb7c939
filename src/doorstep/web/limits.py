"""How often a client may ask: one bucket of requests for each, which fills again with time. In memory, and bounded."""

from collections.abc import Callable
from functools import lru_cache
from heapq import nlargest
from ipaddress import ip_network
from math import ceil
from time import monotonic

from doorstep.web.respond import HttpError

CLIENTS_MAX = 20_000
KEYED_TIMES = 10
SIGN_INS_PER_MINUTE = 20
_MINUTE = 60.0


class Buckets:
    """A bucket for each client, of as many requests as are allowed in a minute."""

    def __init__(self, per_minute: int, most: int = CLIENTS_MAX, now: Callable[[], float] = monotonic) -> None:
        self._cost = _MINUTE / per_minute
        self._most = most
        self._now = now
        self._full_at: dict[str, float] = {}

    def take(self, who: str) -> float:
        """Take one request out of a client's bucket; returns 0, or in how many seconds there is one."""
        now = self._now()
        full_at = self._full_at.get(who, now)
        after = (full_at if full_at > now else now) + self._cost
        if after - now > _MINUTE + self._cost / 2:
            return after - now - _MINUTE
        if len(self._full_at) >= self._most and who not in self._full_at:
            self._forget(now)
        self._full_at[who] = after
        return 0.0

    def is_empty(self, who: str) -> bool:
        """Whether a client has no request left."""
        return self._full_at.get(who, 0.0) - self._now() > _MINUTE - self._cost / 2

    def _forget(self, now: float) -> None:
        """Forget the buckets that are full, and if need be the fuller half of the others."""
        left = [pair for pair in self._full_at.items() if pair[1] > now]
        if len(left) > self._most // 2:
            left = nlargest(self._most // 2, left, key=lambda pair: pair[1])
        self._full_at = dict(left)


class Limits:
    """The limits of a deployment: for strangers by their address, for programs by their key, for signing in."""

    def __init__(self, per_minute: int, now: Callable[[], float] = monotonic) -> None:
        self.is_on = per_minute > 0
        self._strangers = Buckets(per_minute or 1, now=now)
        self._keyed = Buckets((per_minute or 1) * KEYED_TIMES, now=now)
        self._sign_ins = Buckets(SIGN_INS_PER_MINUTE, now=now)

    def check_stranger(self, address: str) -> None:
        """Refused when a client that has said nothing about itself asks too often."""
        if self.is_on:
            _check(self._strangers.take(_neighborhood(address)))

    def check_keyed(self, key_id: str) -> None:
        """Refused when a program asks too often."""
        if self.is_on:
            _check(self._keyed.take(key_id))

    def check_sign_in(self, address: str) -> None:
        """Refused when somebody tries to sign in too often."""
        if self.is_on:
            _check(self._sign_ins.take(_neighborhood(address)))

    def check_not_guessing(self, address: str) -> None:
        """Refused when a client has used its requests up already, perhaps with wrong keys."""
        if self.is_on and self._strangers.is_empty(_neighborhood(address)):
            _check(1.0)


def too_many(seconds: float) -> HttpError:
    """The refusal of a client that asks too often."""
    wait = str(max(1, ceil(seconds)))
    message = "Too many requests from you. Please ask again after the seconds in Retry-After."
    return HttpError(429, "too_many_requests", message, ((b"retry-after", wait.encode()),))


def _check(seconds: float) -> None:
    if seconds:
        raise too_many(seconds)


@lru_cache(maxsize=4096)
def _neighborhood(address: str) -> str:
    """Whose bucket it is: an IPv6 client has a whole /64 to itself."""
    return str(ip_network((address, 64), strict=False)) if ":" in address else address
