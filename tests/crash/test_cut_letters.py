"""A letter to the staff goes out once at most, wherever the process is cut."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from doorstep.access.flow.passwords import Passwords
from doorstep.app import doors
from doorstep.messages.model import NoticeState
from tests.a_house import ANNA, CHEAP, HERE, SETTINGS, House, open_house
from tests.an_order import DAY, MoodyMail, running
from tests.crash.test_cut_journeys import Cut, Knife


@pytest_asyncio.fixture
async def url(database_url: str) -> AsyncIterator[str]:
    """A store with an owner, and no process that runs it."""
    async with open_house(database_url) as house:
        await house.owner()
    yield database_url


async def ask_while_it_is_cut(url: str, mail: MoodyMail, knife: Knife, point: int) -> None:
    async with running(url, mail=mail, probe=knife) as store:
        house = House(store, doors(store.app, SETTINGS, Passwords(CHEAP)))
        knife.begin(point)
        await house.doors.joining.ask_reset(ANNA, HERE)
        await store.drain()


@pytest.mark.parametrize("point", range(1, 9))
async def test_a_letter_is_sent_once_at_most(url: str, point: int) -> None:
    mail, knife = MoodyMail(), Knife()
    with pytest.raises(Cut):
        await ask_while_it_is_cut(url, mail, knife, point)
    async with running(url, mail=mail) as store:
        house = House(store, doors(store.app, SETTINGS, Passwords(CHEAP)))
        if point == 1:
            await house.doors.joining.ask_reset(ANNA, HERE)
        await store.drain(DAY / 48)
        (notice,) = await house.written(await house.anna())
        times = mail.sent.total()
        assert (notice.state, times) in ((NoticeState.SENT, 1), (NoticeState.UNKNOWN, 1), (NoticeState.UNKNOWN, 0))
