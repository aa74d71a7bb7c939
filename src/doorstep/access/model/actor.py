"""Who does something: a person of the staff, a program with a key, the deployment itself, a customer. Pure."""

from enum import StrEnum

from msgspec import Struct

from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import NotAllowed


class ActorKind(StrEnum):
    """What kind of somebody."""

    STAFF = "staff"
    KEY = "key"
    DEPLOYMENT = "deployment"
    CUSTOMER = "customer"
    COMMAND = "command"
    ANYBODY = "anybody"


class Actor(Struct, frozen=True):
    """Whoever acts, and what they may do. `id` is the staff member's, the key's, or that of the customer's order."""

    kind: ActorKind
    id: str
    name: str
    permissions: frozenset[Permission] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Whether something is allowed."""
        return permission in self.permissions

    def check(self, permission: Permission) -> None:
        """NotAllowed, in words, when something is not."""
        if permission not in self.permissions:
            raise NotAllowed("permission_missing", f"{self.name} may not do this: {permission.value} is needed.")


ANYBODY = Actor(ActorKind.ANYBODY, "", "a visitor")
"""Whoever has said nothing about themselves."""

DEPLOYMENT = Actor(ActorKind.DEPLOYMENT, "deployment", "the deployment's token", frozenset(Permission))
"""Whoever holds the token of the deployment."""

COMMAND = Actor(ActorKind.COMMAND, "command", "the command line", frozenset(Permission))
"""Whoever may run commands on the machine itself."""
