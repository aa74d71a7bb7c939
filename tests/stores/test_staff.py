"""The people of a store: invited, changed, let in no more; each change written down, and an owner always left."""

from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from doorstep.access.flow.access import Access
from doorstep.access.model.audit import AuditQuery
from doorstep.access.model.keys import KeyWish
from doorstep.access.model.links import Purpose
from doorstep.access.model.permissions import Permission, Role
from doorstep.access.model.staff import Description, Invitation, Newcomer, StaffState
from doorstep.access.model.views import VIEWS_MAX, SavedView
from doorstep.kernel.errors import Conflict, Missing, NotAllowed, Refused
from tests.a_house import ANNA, HERE, PASSWORD, House, open_house, token_of

PIA = "pia@tea.example"


@pytest_asyncio.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A store with an owner, Anna."""
    async with open_house(database_url) as house:
        await house.owner()
        yield house


async def test_somebody_invited_comes_with_name_and_password(house: House) -> None:
    async with house.store.app.database.begin() as tx:
        invited = await house.doors.staff.invite(tx, house.by(), Invitation(email=PIA, role=Role.PICKER))
    assert invited.member.state is StaffState.INVITED
    token = token_of(invited.link)
    async with house.store.app.database.read() as tx:
        member = await house.doors.joining.look(tx, Purpose.INVITATION, token, house.store.now)
    assert member == invited.member
    await house.doors.joining.accept(token, Newcomer(name="Pia", password=PASSWORD), HERE)
    signed = await house.signed_in(await house.signs_in(PIA))
    assert (signed.name, signed.actor.may(Permission.PICKS_REPORT)) == ("Pia", True)
    assert {"staff.invite", "staff.accept"} <= {*await house.acts()}


async def test_a_weak_password_does_not_use_an_invitation_up(house: House) -> None:
    async with house.store.app.database.begin() as tx:
        invited = await house.doors.staff.invite(tx, house.by(), Invitation(email=PIA))
    token = token_of(invited.link)
    with pytest.raises(Refused, match="name of the store"):
        await house.doors.joining.accept(token, Newcomer(name="Pia", password="mill lane tea!"), HERE)
    await house.doors.joining.accept(token, Newcomer(name="Pia", password=PASSWORD), HERE)
    with pytest.raises(Missing, match="does not work"):
        await house.doors.joining.accept(token, Newcomer(name="Pia", password=PASSWORD), HERE)


async def test_a_newer_invitation_replaces_the_older_and_each_ends_after_a_week(house: House) -> None:
    async with house.store.app.database.begin() as tx:
        old = await house.doors.staff.invite(tx, house.by(), Invitation(email=PIA))
        fresh = await house.doors.staff.invite_again(tx, house.by(), old.member.id)
    for link, days in ((old.link, 0), (fresh.link, 7)):
        house.later(days=days)
        with pytest.raises(Missing, match="does not work"):
            await house.doors.joining.accept(token_of(link), Newcomer(name="Pia", password=PASSWORD), HERE)


async def test_an_address_is_of_one_person(house: House) -> None:
    async with house.store.app.database.begin() as tx:
        with pytest.raises(Conflict, match="belongs to the staff already"):
            await house.doors.staff.invite(tx, house.by(), Invitation(email=ANNA.upper()))


async def test_another_role_counts_at_once_and_ends_all_sessions(house: House) -> None:
    pia = await house.added(PIA, Role.PICKER)
    entered = await house.signs_in(PIA)
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.change_role(tx, house.by(), pia.id, Role.CARE)
    assert await house.whose(entered) is None
    signed = await house.signed_in(await house.signs_in(PIA))
    assert signed.actor.may(Permission.HOLDS_DECIDE)
    async with house.store.app.database.read() as tx:
        (entry,) = (await house.doors.access.audit(tx, AuditQuery(act="staff.role"))).entries
    roles = [msgspec.json.decode(text)["role"] for text in (entry.before, entry.after)]
    assert (roles, entry.about_id) == (["picker", "care"], pia.id)


async def test_people_say_themselves_what_they_are_called(house: House) -> None:
    pia = await house.added(PIA, Role.PICKER)
    entered = await house.signs_in(PIA)
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.describe(tx, house.by(pia.actor), pia.id, Description("Pia B.", "de"))
        with pytest.raises(NotAllowed, match="staff:manage"):
            await house.doors.staff.describe(tx, house.by(pia.actor), (await house.anna()).id, Description("X", "en"))
    signed = await house.signed_in(entered)
    assert (signed.name, signed.language) == ("Pia B.", "de")


async def test_whoever_is_disabled_is_out_until_enabled(house: House) -> None:
    pia = await house.added(PIA, Role.PICKER)
    entered = await house.signs_in(PIA)
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.disable(tx, house.by(), pia.id)
    assert await house.whose(entered) is None
    with pytest.raises(NotAllowed, match="is wrong"):
        await house.signs_in(PIA)
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.enable(tx, house.by(), pia.id)
    assert await house.whose(await house.signs_in(PIA))


async def test_the_last_owner_stays(house: House) -> None:
    async with house.store.app.database.begin() as tx:
        staff, by = house.doors.staff, house.by()
        anna = await staff.by_email(tx, ANNA)
        for attempt in (staff.disable(tx, by, anna.id), staff.change_role(tx, by, anna.id, Role.CARE)):
            with pytest.raises(Refused, match="last active owner"):
                await attempt


async def test_whoever_may_not_manage_staff_changes_nothing(house: House) -> None:
    pia = await house.added(PIA, Role.OPERATIONS)
    before = await house.acts()
    async with house.store.app.database.begin() as tx:
        by, staff = house.by(pia.actor), house.doors.staff
        for attempt in (
            staff.invite(tx, by, Invitation(email="new@tea.example")),
            staff.change_role(tx, by, pia.id, Role.OWNER),
            staff.reset_link(tx, by, pia.id),
            Access().issue(tx, by, KeyWish("mine", ("orders:read",))),
        ):
            with pytest.raises(NotAllowed, match="manage is needed"):
                await attempt
    assert await house.acts() == before


async def test_the_set_up_link_works_while_there_is_nobody(database_url: str) -> None:
    async with open_house(database_url) as house:
        owner = await house.owner()
        assert (owner.role, owner.state) == (Role.OWNER, StaffState.ACTIVE)
        async with house.store.app.database.begin() as tx:
            assert await house.doors.joining.set_up_link(tx, house.store.now) is None


async def test_a_set_up_link_is_dead_once_there_is_somebody(database_url: str) -> None:
    async with open_house(database_url) as house:
        async with house.store.app.database.begin() as tx:
            link = await house.doors.joining.set_up_link(tx, house.store.now)
        await house.added(PIA, Role.OWNER)
        newcomer = Newcomer(name="Eve", password=PASSWORD, email="eve@tea.example")
        with pytest.raises(Missing, match="does not work"):
            await house.doors.joining.set_up(token_of(link or ""), newcomer, HERE)


async def test_views_are_saved_for_oneself_and_not_without_end(house: House) -> None:
    views = house.doors.views
    async with house.store.app.database.begin() as tx:
        await views.save(tx, SavedView("stf_1", "orders", "late", "stage=packed"))
        await views.save(tx, SavedView("stf_1", "orders", "late", "stage=picked"))
        for number in range(VIEWS_MAX - 1):
            await views.save(tx, SavedView("stf_1", "stock", f"view {number}", ""))
        with pytest.raises(Refused, match="Delete one first"):
            await views.save(tx, SavedView("stf_1", "orders", "one more", ""))
        await views.remove(tx, "stf_1", "stock", "view 7")
        with pytest.raises(Missing, match="no saved view"):
            await views.remove(tx, "stf_1", "stock", "view 7")
        kept = await views.of(tx, "stf_1")
    assert (len(kept), kept[0].query, await house_views(house)) == (49, "stage=picked", [])


async def house_views(house: House) -> list[SavedView]:
    """What somebody else has saved."""
    async with house.store.app.database.read() as tx:
        return await house.doors.views.of(tx, "stf_2")
