"""The second factor: set up, asked for, used once, replaced when it is lost."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.access.model.sessions import Entered, Stage, Visit
from doorstep.access.model.throttling import Throttled
from doorstep.kernel.errors import NotAllowed, Refused
from tests.a_house import HERE, SETTINGS, House, open_house


@pytest_asyncio.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A store with an owner, Anna."""
    async with open_house(database_url) as house:
        await house.owner()
        yield house


def at_door(entered: Entered) -> Visit:
    return replace(HERE, token=entered.token)


async def test_after_the_password_the_code_of_the_phone_is_asked_for(house: House) -> None:
    _, secret, _ = await house.enrolled()
    entered = await house.signs_in()
    signed = await house.signed_in(entered)
    assert (entered.stage, signed.actor.permissions) == (Stage.SECOND_FACTOR_DUE, frozenset())
    done = await house.doors.sign_in.second(house.code(secret), at_door(entered))
    assert done.stage is Stage.FULL
    assert await house.whose(entered) is None
    assert (await house.signed_in(done)).actor.permissions


async def test_a_code_is_used_once(house: House) -> None:
    _, secret, _ = await house.enrolled()
    first, second = await house.signs_in(), await house.signs_in()
    await house.doors.sign_in.second(house.code(secret), at_door(first))
    with pytest.raises(NotAllowed, match="was used already"):
        await house.doors.sign_in.second(house.code(secret), at_door(second))
    house.later(seconds=30)
    assert (await house.doors.sign_in.second(house.code(secret), at_door(second))).stage is Stage.FULL


async def test_codes_cannot_be_guessed(house: House) -> None:
    _, secret, _ = await house.enrolled()
    entered = await house.signs_in()
    for _ in range(5):
        with pytest.raises(NotAllowed, match="wrong"):
            await house.doors.sign_in.second("000000", at_door(entered))
    again = await house.signs_in()
    with pytest.raises(Throttled):
        await house.doors.sign_in.second(house.code(secret), at_door(again))


async def test_a_recovery_code_does_once_and_is_written_down(house: House) -> None:
    _, _, codes = await house.enrolled()
    assert len(set(codes)) == 10
    done = await house.doors.sign_in.second(codes[3].lower(), at_door(await house.signs_in()))
    async with house.store.app.database.read() as tx:
        assert await house.doors.second_factor.codes_left(tx, (await house.signed_in(done)).staff_id) == 9
    with pytest.raises(NotAllowed, match="used already"):
        await house.doors.sign_in.second(codes[3], at_door(await house.signs_in()))
    assert "staff.recovery_code.use" in await house.acts()


async def test_other_recovery_codes_replace_those_before(house: House) -> None:
    entered, _, old = await house.enrolled()
    signed = await house.signed_in(entered)
    async with house.store.app.database.begin() as tx:
        fresh = await house.doors.second_factor.more_codes(tx, house.by(signed.actor), signed)
    with pytest.raises(NotAllowed, match="wrong"):
        await house.doors.sign_in.second(old[0], at_door(await house.signs_in()))
    assert (await house.doors.sign_in.second(fresh[0], at_door(await house.signs_in()))).stage is Stage.FULL


async def test_nothing_changes_before_the_phone_has_proven_itself(house: House) -> None:
    signed = await house.signed_in(await house.signs_in())
    async with house.store.app.database.begin() as tx:
        await house.doors.second_factor.begin(tx, signed, house.store.now)
        with pytest.raises(Refused, match="code is wrong"):
            await house.doors.second_factor.prove(tx, house.by(signed.actor), signed, "000000")
    assert (await house.signs_in()).stage is Stage.FULL


async def test_the_second_factor_is_changed_only_shortly_after_the_password(house: House) -> None:
    signed = await house.signed_in(await house.signs_in())
    house.later(minutes=15)
    async with house.store.app.database.begin() as tx:
        with pytest.raises(NotAllowed, match="password again"):
            await house.doors.second_factor.begin(tx, signed, house.store.now)


async def test_half_a_sign_in_changes_nothing(house: House) -> None:
    await house.enrolled()
    signed = await house.signed_in(await house.signs_in())
    async with house.store.app.database.begin() as tx:
        with pytest.raises(NotAllowed, match="sign in again"):
            await house.doors.second_factor.remove(tx, house.by(signed.actor), signed)
    with pytest.raises(NotAllowed, match="sign in again"):
        await house.doors.sign_in.second("000000", Visit("192.0.2.1", token="made up"))


async def test_it_is_taken_off_by_oneself_or_by_an_owner(house: House) -> None:
    entered, _, _ = await house.enrolled()
    signed = await house.signed_in(entered)
    async with house.store.app.database.begin() as tx:
        await house.doors.second_factor.remove(tx, house.by(signed.actor), signed)
    assert (await house.signs_in()).stage is Stage.FULL
    await house.enrolled()
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.drop_second_factor(tx, house.by(), signed.staff_id)
    assert (await house.signs_in()).stage is Stage.FULL
    assert (await house.acts()).count("staff.second_factor.drop") == 2


async def test_a_store_may_want_one_of_everybody(database_url: str) -> None:
    async with open_house(database_url, replace(SETTINGS, require_second_factor=True)) as house:
        await house.owner()
        entered = await house.signs_in()
        signed = await house.signed_in(entered)
        assert (entered.stage, signed.actor.permissions) == (Stage.ENROLMENT_DUE, frozenset())
        full, _, _ = await house.enrolled()
        signed = await house.signed_in(full)
        assert signed.is_full
        async with house.store.app.database.begin() as tx:
            with pytest.raises(Refused, match="of everybody"):
                await house.doors.second_factor.remove(tx, house.by(signed.actor), signed)
