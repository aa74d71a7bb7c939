"""Two at the door at the same moment, each with a process and connections of their own: what works once works once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence

import pytest_asyncio
from msgspec.structs import replace

from doorstep.access.flow.access import Access
from doorstep.access.model.permissions import Role
from doorstep.access.model.staff import Newcomer, StaffMember
from doorstep.access.model.throttling import Throttled
from doorstep.kernel.errors import DoorstepError
from tests.a_house import ANNA, HERE, PASSWORD, House, open_house, token_of

AT_ONCE = 4


@pytest_asyncio.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A store with nobody in it yet."""
    async with open_house(database_url) as house:
        yield house


async def outcomes(attempts: Sequence[Awaitable[object]]) -> tuple[int, list[str]]:
    """How many went well, and the codes with which the others were refused."""
    ended = await asyncio.gather(*attempts, return_exceptions=True)
    refused = [one.code for one in ended if isinstance(one, DoorstepError)]
    broken = [one for one in ended if isinstance(one, BaseException) and not isinstance(one, DoorstepError)]
    assert not broken
    return len(ended) - len(refused), refused


async def test_of_many_who_set_up_at_once_one_is_the_owner(house: House) -> None:
    async with house.store.app.database.begin() as tx:
        token = token_of(await house.doors.joining.set_up_link(tx, house.store.now) or "")
    people = [Newcomer(name="Eve", password=PASSWORD, email=f"{n}@tea.example") for n in range(AT_ONCE)]
    went_well, refused = await outcomes([house.doors.joining.set_up(token, one, HERE) for one in people])
    assert (went_well, set(refused)) == (1, {"link_does_not_work"})
    async with house.store.app.database.read() as tx:
        assert len(await house.doors.staff.everyone(tx)) == 1


async def test_a_link_is_used_once_though_many_use_it(house: House) -> None:
    await house.owner()
    await house.doors.joining.ask_reset(ANNA, HERE)
    await house.store.drain()
    token = token_of(house.mailed()[0])
    passwords = [f"staple battery {number}" for number in range(AT_ONCE)]
    went_well, refused = await outcomes([house.doors.joining.reset(token, one, HERE) for one in passwords])
    assert (went_well, set(refused)) == (1, {"link_does_not_work"})


async def test_two_owners_who_demote_each_other_leave_one(house: House) -> None:
    owners = [await house.owner(), await house.added("olga@tea.example", Role.OWNER)]

    async def demote(who: StaffMember, whom: StaffMember) -> None:
        async with house.store.app.database.begin() as tx:
            await house.doors.staff.change_role(tx, house.by(who.actor), whom.id, Role.CARE)

    assert await outcomes([demote(*owners), demote(*owners[::-1])]) == (1, ["last_owner"])


async def test_a_recovery_code_is_spent_once(house: House) -> None:
    await house.owner()
    _, _, codes = await house.enrolled()
    visits = [replace(HERE, token=(await house.signs_in()).token) for _ in range(AT_ONCE)]
    assert await outcomes([house.doors.sign_in.second(codes[0], one) for one in visits]) == (1, ["wrong_code"] * 3)


async def test_a_code_of_the_phone_is_spent_once(house: House) -> None:
    await house.owner()
    _, secret, _ = await house.enrolled()
    visits = [replace(HERE, token=(await house.signs_in()).token) for _ in range(AT_ONCE)]
    attempts = [house.doors.sign_in.second(house.code(secret), one) for one in visits]
    assert await outcomes(attempts) == (1, ["wrong_code"] * 3)


async def test_a_token_is_rotated_once(house: House) -> None:
    await house.owner()
    visit = replace(HERE, token=(await house.signs_in()).token)
    attempts = [house.doors.sign_in.confirm(PASSWORD, visit) for _ in range(AT_ONCE)]
    went_well, refused = await outcomes(attempts)
    assert (went_well, set(refused)) == (1, {"session_ended"})


async def test_many_guesses_at_once_are_no_more_than_one_after_the_other(house: House) -> None:
    await house.owner()
    tried = [house.signs_in(password=f"guess {number}") for number in range(20)]
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(not isinstance(one, Throttled) for one in ended) == 5


async def test_a_secret_is_made_once(house: House) -> None:
    async def secret() -> str:
        async with house.store.app.database.begin() as tx:
            return await Access().secret_of(tx, "order_links")

    assert len(set(await asyncio.gather(*(secret() for _ in range(AT_ONCE))))) == 1
