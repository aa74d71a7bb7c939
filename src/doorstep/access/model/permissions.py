"""What can be allowed, and which role allows what: one table, obeyed by every URL, page and command. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from doorstep.kernel.errors import Refused


class Permission(StrEnum):
    """What somebody may do. An API key is given some of these as its scopes, a person has those of a role."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    ORDERS_EXPORT = "orders:export"
    HOLDS_DECIDE = "holds:decide"
    CASES_WORK = "cases:work"
    PICKS_REPORT = "picks:report"
    PARCELS_REPORT = "parcels:report"
    RETURNS_DECIDE = "returns:decide"
    RETURNS_RECEIVE = "returns:receive"
    STOCK_READ = "stock:read"
    STOCK_WRITE = "stock:write"
    NUMBERS_READ = "numbers:read"
    SYSTEM_READ = "system:read"
    JOBS_DECIDE = "jobs:decide"
    AUDIT_READ = "audit:read"
    STAFF_MANAGE = "staff:manage"
    KEYS_MANAGE = "keys:manage"


class Role(StrEnum):
    """What a person is in the store."""

    OWNER = "owner"
    OPERATIONS = "operations"
    PICKER = "picker"
    PACKER = "packer"
    CARE = "care"
    FINANCE = "finance"
    VIEWER = "viewer"


_P = Permission
_SEES = frozenset({_P.ORDERS_READ, _P.STOCK_READ})

ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.OPERATIONS: frozenset(Permission) - {_P.STAFF_MANAGE, _P.KEYS_MANAGE},
    Role.PICKER: _SEES | {_P.PICKS_REPORT},
    Role.PACKER: _SEES | {_P.PARCELS_REPORT, _P.RETURNS_RECEIVE},
    Role.CARE: _SEES
    | {_P.ORDERS_WRITE, _P.HOLDS_DECIDE, _P.CASES_WORK, _P.RETURNS_DECIDE, _P.NUMBERS_READ, _P.ORDERS_EXPORT},
    Role.FINANCE: _SEES | {_P.ORDERS_EXPORT, _P.HOLDS_DECIDE, _P.NUMBERS_READ, _P.AUDIT_READ},
    Role.VIEWER: _SEES | {_P.NUMBERS_READ},
}


def permissions_of(names: Iterable[str]) -> tuple[Permission, ...]:
    """Permissions by name, as the scopes of a key are written."""
    known = {permission.value: permission for permission in Permission}
    if unknown := sorted(set(names) - known.keys()):
        raise Refused("unknown_scope", f"There is no scope {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    return tuple(known[name] for name in sorted(set(names)))
