"""What may have been said is not said again: a notice in doubt stays so, unless the provider tells twins apart."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from doorstep.messages.model import NoticeState
from tests.an_order import DAY, MoodyMail, an_order, open_store, running
from tests.crash.test_cut_journeys import Cut, Knife


@pytest_asyncio.fixture
async def url(database_url: str) -> AsyncIterator[str]:
    """A store that has just opened, and no process that runs it."""
    async with open_store(database_url):
        pass
    yield database_url


async def cut_while_it_is_paid(url: str, mail: MoodyMail, knife: Knife, point: int) -> None:
    async with running(url, mail=mail, probe=knife) as store:
        knife.begin(point)
        await an_order(store).paid()


@pytest.mark.parametrize("point", range(1, 20))
async def test_whenever_a_process_is_cut_a_customer_is_told_once_at_most(url: str, point: int) -> None:
    mail, knife = MoodyMail(), Knife()
    with pytest.raises(Cut):
        await cut_while_it_is_paid(url, mail, knife, point)
    async with running(url, mail=mail) as store:
        order = await an_order(store).paid()
        await store.drain(DAY)
        (notice,) = await order.notices()
        times = mail.sent.total()
        assert (notice.state, times) in ((NoticeState.SENT, 1), (NoticeState.UNKNOWN, 1), (NoticeState.UNKNOWN, 0))


async def test_a_notice_that_was_being_sent_is_in_doubt_and_stays_so(url: str) -> None:
    mail = MoodyMail()

    def cut(point: str) -> None:
        if mail.asked and point == "before commit":
            raise Cut

    with pytest.raises(Cut):
        async with running(url, mail=mail, probe=cut) as store:
            await an_order(store).paid()
    async with running(url, mail=mail) as store:
        order = await an_order(store).paid()
        await store.drain(DAY)
        assert [notice.state for notice in await order.notices()] == [NoticeState.UNKNOWN]
        assert mail.asked == 1


async def test_a_provider_that_tells_twins_apart_is_asked_again(url: str) -> None:
    mail = MoodyMail(can_deduplicate=True)

    def cut(point: str) -> None:
        if mail.asked and point == "before commit":
            raise Cut

    with pytest.raises(Cut):
        async with running(url, mail=mail, probe=cut) as store:
            await an_order(store).paid()
    async with running(url, mail=mail) as store:
        order = await an_order(store).paid()
        assert [notice.state for notice in await order.notices()] == [NoticeState.SENT]
        assert mail.asked == 2
