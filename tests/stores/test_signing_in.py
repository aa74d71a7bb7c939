"""Signing in: step by step, told apart from nothing, slowed down, and ended."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Literal

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from msgspec.structs import replace

from doorstep.access.flow.passwords import Passwords
from doorstep.access.model.actor import Actor
from doorstep.access.model.permissions import Permission, Role
from doorstep.access.model.sessions import Stage, Visit
from doorstep.access.model.throttling import Throttled
from doorstep.access.store import staff
from doorstep.app import doors
from doorstep.kernel.errors import DoorstepError, NotAllowed, Refused
from tests.a_house import ANNA, HERE, PASSWORD, SETTINGS, House, open_house


@pytest_asyncio.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A store with an owner, Anna."""
    async with open_house(database_url) as house:
        await house.owner()
        yield house


async def refusal(house: House, email: str, password: str, visit: Visit = HERE) -> tuple[str, str]:
    with pytest.raises(DoorstepError) as told:
        await house.signs_in(email, password, visit)
    return told.value.code, told.value.message


async def test_a_password_opens_what_the_role_allows(house: House) -> None:
    entered = await house.signs_in(" Anna@Tea.example")
    signed = await house.signed_in(entered)
    assert (entered.stage, signed.name, signed.is_full) == (Stage.FULL, "Anna", True)
    assert signed.actor.may(Permission.STAFF_MANAGE)


async def test_an_unknown_address_and_a_wrong_password_are_not_told_apart(house: House) -> None:
    picker = await house.added("pia@tea.example", Role.PICKER)
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.disable(tx, house.by(), picker.id)
    told = {
        await refusal(house, ANNA, "wrong"),
        await refusal(house, "nobody@tea.example", PASSWORD),
        await refusal(house, "pia@tea.example", PASSWORD),
        await refusal(house, "no address", "x" * 100_000),
    }
    assert told == {("wrong_sign_in", "The e-mail address or the password is wrong.")}


class Counting(PasswordHasher):
    """Counts how often a password is verified, which is what takes time."""

    count = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.count += 1
        return super().verify(hash, password)


@pytest.mark.parametrize("email", [ANNA, "pia@tea.example", "nobody@tea.example"])
async def test_each_try_takes_the_time_of_one_hash(house: House, email: str) -> None:
    pia, hasher = await house.added("pia@tea.example", Role.PICKER), Counting(1, 8, 1)
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.disable(tx, house.by(), pia.id)
    counted = House(house.store, doors(house.store.app, SETTINGS, Passwords(hasher)))
    for count in (1, 2, 3):
        await refusal(counted, email, "wrong")
        assert hasher.count == count


@pytest.mark.parametrize("email", [ANNA, "nobody@tea.example"])
async def test_after_five_tries_even_the_right_password_waits(house: House, email: str) -> None:
    for _ in range(5):
        assert (await refusal(house, email, "wrong"))[0] == "wrong_sign_in"
    assert await refusal(house, email, PASSWORD) == (
        "too_many_tries",
        "That was tried too often. Please try again in 30 seconds.",
    )


async def test_after_the_wait_the_right_password_opens_and_all_is_forgotten(house: House) -> None:
    for _ in range(5):
        await refusal(house, ANNA, "wrong")
    house.later(seconds=30)
    assert (await house.signs_in()).stage is Stage.FULL
    assert (await refusal(house, ANNA, "wrong"))[0] == "wrong_sign_in"


async def test_one_address_may_not_try_one_password_on_everybody(house: House) -> None:
    for number in range(30):
        await refusal(house, f"nobody{number}@tea.example", "wrong")
    assert (await refusal(house, ANNA, PASSWORD))[0] == "too_many_tries"
    assert (await house.signs_in(visit=Visit("192.0.2.99"))).stage is Stage.FULL


async def test_a_session_from_before_is_not_carried_into_a_sign_in(house: House) -> None:
    planted = await house.signs_in()
    entered = await house.signs_in(visit=replace(HERE, token=planted.token))
    assert entered.token != planted.token
    assert await house.whose(planted) is None


async def test_neither_token_nor_password_is_kept(house: House) -> None:
    entered = await house.signs_in()
    signed = await house.signed_in(entered)
    async with house.store.app.database.read() as tx:
        member = await staff.by_email(tx, ANNA)
    assert member is not None
    assert member.password_hash.startswith("$argon2id$")
    assert entered.token not in (signed.session.digest, signed.session.id)
    assert entered.token not in repr(entered) + repr(signed)


async def test_a_session_ends_when_it_is_not_used_for_an_hour(house: House) -> None:
    entered = await house.signs_in()
    house.later(minutes=59)
    assert await house.whose(entered)
    house.later(minutes=1)
    assert await house.whose(entered) is None


async def test_a_session_that_is_used_ends_after_twelve_hours(house: House) -> None:
    entered = await house.signs_in()
    for _ in range(23):
        house.later(minutes=30)
        signed = await house.signed_in(entered)
        assert signed.is_due_to_be_seen(house.store.now)
        async with house.store.app.database.begin() as tx:
            await house.doors.sign_in.seen(tx, signed, house.store.now)
    house.later(minutes=30)
    assert await house.whose(entered) is None


async def test_being_seen_is_written_once_a_minute(house: House) -> None:
    entered = await house.signs_in()
    began = house.store.now
    for seconds in (59, 1, 30):
        house.later(seconds=seconds)
        async with house.store.app.database.begin() as tx:
            await house.doors.sign_in.seen(tx, await house.signed_in(entered), house.store.now)
    assert (await house.signed_in(entered)).session.seen_at == began + timedelta(minutes=1)


async def test_whoever_left_is_not_known_any_more(house: House) -> None:
    entered = await house.signs_in()
    async with house.store.app.database.begin() as tx:
        await house.doors.sign_in.leave(tx, entered.token)
    assert await house.whose(entered) is None


async def test_a_dangerous_act_wants_the_password_again_after_a_while(house: House) -> None:
    entered = await house.signs_in()
    house.later(minutes=15)
    signed = await house.signed_in(entered)
    with pytest.raises(NotAllowed, match="password again"):
        signed.check_fresh(house.store.now)
    again = await house.doors.sign_in.confirm(PASSWORD, replace(HERE, token=entered.token))
    assert (await house.signed_in(again)).is_fresh(house.store.now)
    assert await house.whose(entered) is None


async def test_giving_the_password_again_is_slowed_down_as_well(house: House) -> None:
    entered = await house.signs_in()
    visit = replace(HERE, token=entered.token)
    for _ in range(5):
        with pytest.raises(NotAllowed, match="not your password"):
            await house.doors.sign_in.confirm("wrong", visit)
    with pytest.raises(Throttled):
        await house.doors.sign_in.confirm(PASSWORD, visit)


async def test_another_password_ends_all_other_sessions_and_gives_another_token(house: House) -> None:
    elsewhere, entered = await house.signs_in(), await house.signs_in()
    visit = replace(HERE, token=entered.token)
    with pytest.raises(Refused, match="at least 10 characters"):
        await house.doors.sign_in.change_password(PASSWORD, "short", visit)
    again = await house.doors.sign_in.change_password(PASSWORD, "staple battery horse", visit)
    assert [await house.whose(one) is None for one in (elsewhere, entered, again)] == [True, True, False]
    assert (await refusal(house, ANNA, PASSWORD))[0] == "wrong_sign_in"
    assert (await house.signs_in(password="staple battery horse")).stage is Stage.FULL
    assert "staff.password.change" in await house.acts()


async def test_an_old_hash_is_made_anew_at_sign_in(house: House) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    later = House(house.store, doors(house.store.app, SETTINGS, Passwords(stronger)))
    for _ in range(2):
        await later.signs_in()
    async with house.store.app.database.read() as tx:
        member = await staff.by_email(tx, ANNA)
    assert member is not None
    assert not stronger.check_needs_rehash(member.password_hash)


async def test_people_see_and_end_their_own_sessions_and_owners_those_of_all(house: House) -> None:
    await house.added("pia@tea.example", Role.PICKER)
    pia, anna = await house.signs_in("pia@tea.example"), await house.signs_in()
    hers, his = await house.signed_in(pia), await house.signed_in(anna)
    async with house.store.app.database.begin() as tx:
        sessions = house.doors.sessions
        assert [one.id for one in await sessions.of(tx, house.by(hers.actor), hers.staff_id)] == [hers.session.id]
        with pytest.raises(NotAllowed, match="staff:manage"):
            await sessions.of(tx, house.by(hers.actor), his.staff_id)
        with pytest.raises(DoorstepError, match="ended already"):
            await sessions.revoke(tx, house.by(hers.actor), his.session.id)
        await sessions.revoke(tx, house.by(his.actor), hers.session.id)
    assert await house.whose(pia) is None
    assert await house.whose(anna)


async def test_all_sessions_but_this_one_are_ended(house: House) -> None:
    first, here = await house.signs_in(), await house.signs_in()
    signed = await house.signed_in(here)
    actor: Actor = signed.actor
    async with house.store.app.database.begin() as tx:
        ended = await house.doors.sessions.revoke_all(tx, house.by(actor), actor.id, signed.session.digest)
    assert (ended, await house.whose(first)) == (1, None)
    assert await house.whose(here)
