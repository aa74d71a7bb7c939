"""Who may decide about whom, and what a person is."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from doorstep.access.model.actor import COMMAND, Actor, ActorKind
from doorstep.access.model.keys import ApiKey, KeyWish, actor_of, scopes_of
from doorstep.access.model.permissions import ROLES, Permission, Role
from doorstep.access.model.staff import (
    StaffMember,
    StaffState,
    check_reach,
    email_of,
    enabled,
    keep_an_owner,
    moved,
    name_of,
    summary,
)
from doorstep.kernel.errors import NotAllowed, Refused

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_ANNA = StaffMember(
    id="stf_1",
    email="anna@tea.example",
    name="Anna",
    role=Role.OWNER,
    state=StaffState.ACTIVE,
    language="en",
    created_at=_AT,
    changed_at=_AT,
    password_hash="$argon2id$secret",
    totp_secret="JBSWY3DPEHPK3PXP",
)


@pytest.mark.parametrize("role", Role)
def test_the_owner_may_what_any_role_may(role: Role) -> None:
    assert ROLES[role] <= ROLES[Role.OWNER] == set(Permission)
    assert role is Role.OWNER or ROLES[role] < ROLES[Role.OWNER]


def test_only_owners_decide_about_people_and_keys() -> None:
    deciding = [role for role in Role if ROLES[role] & {Permission.STAFF_MANAGE, Permission.KEYS_MANAGE}]
    assert deciding == [Role.OWNER]


def test_nobody_gives_more_than_they_have() -> None:
    lead = Actor(ActorKind.STAFF, "stf_2", "Lee", ROLES[Role.CARE] | {Permission.STAFF_MANAGE})
    check_reach(lead, Role.CARE)
    with pytest.raises(NotAllowed, match="role owner"):
        check_reach(lead, Role.OWNER)
    with pytest.raises(NotAllowed, match="staff:manage is needed"):
        check_reach(replace(lead, permissions=ROLES[Role.CARE]), Role.VIEWER)


def test_a_key_opens_no_more_than_its_maker_may_do() -> None:
    picker = Actor(ActorKind.STAFF, "stf_2", "Pia", ROLES[Role.PICKER])
    assert scopes_of(KeyWish("scanner", ("picks:report",)), picker) == (Permission.PICKS_REPORT,)
    with pytest.raises(NotAllowed, match="may not do: stock:write"):
        scopes_of(KeyWish("scanner", ("picks:report", "stock:write")), picker)


def test_a_key_acts_by_its_scopes() -> None:
    actor = actor_of(ApiKey("key_1", "scanner", "", (Permission.PICKS_REPORT,), _AT, None, None))
    assert (actor.kind, actor.id, actor.permissions) == (ActorKind.KEY, "key_1", frozenset({Permission.PICKS_REPORT}))


def test_the_last_active_owner_stays() -> None:
    gone = replace(_ANNA, id="stf_2", state=StaffState.DISABLED)
    with pytest.raises(Refused, match="last active owner"):
        keep_an_owner(_ANNA, [_ANNA, gone])
    keep_an_owner(_ANNA, [_ANNA, replace(gone, state=StaffState.ACTIVE)])
    keep_an_owner(gone, [_ANNA, gone])
    assert COMMAND.may(Permission.STAFF_MANAGE)


@pytest.mark.parametrize(
    "text", ["", "anna", "anna@", "@tea.example", "a b@tea.example", "a@tea.example\nBcc: x@y.z", "a@b"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no e-mail address"):
        email_of(text)


def test_an_address_is_compared_in_small_letters() -> None:
    assert email_of(" Anna@Tea.Example ") == "anna@tea.example"
    with pytest.raises(Refused, match="name"):
        name_of(" \n ")


def test_who_never_had_a_password_is_invited_again_when_enabled() -> None:
    gone = moved(replace(_ANNA, password_hash=""), "disable", _AT)
    assert enabled(gone, _AT).state is StaffState.INVITED
    assert enabled(moved(_ANNA, "disable", _AT), _AT).state is StaffState.ACTIVE


def test_what_is_said_about_a_person_holds_no_secret() -> None:
    for said in (summary(_ANNA), repr(_ANNA)):
        assert "argon2" not in said
        assert "JBSWY" not in said
