"""Hashing passwords with argon2id, in threads and a few at a time, outside of any transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from doorstep.access.model.passwords import CHARS_MAX, prepared
from doorstep.kernel.errors import TryLater

_AT_ONCE = 2  # each takes 64 MiB
_WAITING_MAX = 32

HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
"""RFC 9106, section 4, the second recommended option."""


class Verified(Struct, frozen=True):
    """Whether a password was right, and its hash by today's parameters when the kept one is by older ones."""

    is_right: bool
    fresh_hash: str = ""


class Passwords:
    """Makes and verifies password hashes."""

    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0
        self._nobody = ""

    async def hash(self, password: str) -> str:
        """The hash of a password."""
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, prepared(password))

    async def verify(self, password: str, kept: str) -> Verified:
        """Whether a password is the one of a hash. Without a hash it takes as long, and is wrong."""
        typed = prepared(password) if len(password) <= CHARS_MAX else ""
        if not self._nobody:
            self._nobody = await self.hash("of nobody")
        async with self._turn():
            return await asyncio.to_thread(self._verify, typed, kept)

    def _verify(self, password: str, kept: str) -> Verified:
        try:
            self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return Verified(is_right=False)
        if not kept:
            return Verified(is_right=False)
        is_old = self._hasher.check_needs_rehash(kept)
        return Verified(is_right=True, fresh_hash=self._hasher.hash(password) if is_old else "")

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for a turn, among not too many others."""
        if self._waiting >= _WAITING_MAX:
            raise TryLater("busy", "Too many people are signing in at this moment. Please try again.")
        self._waiting += 1
        try:
            async with self._slots:
                yield
        finally:
            self._waiting -= 1
