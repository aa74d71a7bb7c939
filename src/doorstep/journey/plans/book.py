"""Plans by version: the one in force, and those that older orders are pinned to."""

from collections.abc import Iterable
from datetime import datetime

from doorstep.journey.plans import store
from doorstep.kernel.clock import from_ms
from doorstep.plan.records import Plan
from doorstep.storage.transaction import Tx


class PlanBook:
    """Every version that was ever needed, kept in memory: there are few and they never change."""

    def __init__(self, in_force: Plan) -> None:
        self.in_force = in_force
        self._by_version = {in_force.version: in_force}

    def __getitem__(self, version: str) -> Plan:
        return self._by_version[version]

    async def store(self, tx: Tx) -> None:
        """Keep the version in force for as long as there are orders."""
        await store.insert(tx, self.in_force)

    async def every(self, tx: Tx) -> list[Plan]:
        """Every version there ever was, and the one in force."""
        versions = {version for version, _ in await store.versions(tx)}
        await self.ensure(tx, versions)
        return [self._by_version[version] for version in sorted(versions | {self.in_force.version})]

    async def history(self, tx: Tx) -> list[tuple[str, datetime]]:
        """Every version and since when it is known, oldest first."""
        return [(version, from_ms(since)) for version, since in await store.versions(tx)]

    async def ensure(self, tx: Tx, versions: Iterable[str]) -> None:
        """Read the versions that are not in memory yet."""
        missing = set(versions) - self._by_version.keys()
        if missing:
            self._by_version.update({plan.version: plan for plan in await store.load(tx, missing)})

    async def all(self, tx: Tx) -> list[Plan]:
        """Every version that there is."""
        await self.ensure(tx, [version for version, _ in await store.versions(tx)])
        return list(self._by_version.values())
