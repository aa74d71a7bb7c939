"""A forgotten password: a mail to whoever is staff, silence to others, a link that works once and is kept nowhere."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import select

from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import Visit
from doorstep.access.model.staff import Invitation
from doorstep.access.model.throttling import Throttled
from doorstep.access.store import links, sessions, throttles
from doorstep.jobs.store import jobs
from doorstep.kernel.errors import Missing
from doorstep.messages.model import NoticeState
from doorstep.plug.notification import SendVerdict
from doorstep.storage.statement import plain
from tests.a_house import ANNA, HERE, House, open_house, token_of
from tests.an_order import DAY, MINUTE, MoodyMail


@pytest_asyncio.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A store with an owner, Anna."""
    async with open_house(database_url) as house:
        await house.owner()
        yield house


async def test_a_mailed_link_gives_another_password_once(house: House) -> None:
    entered = await house.signs_in()
    await house.doors.joining.ask_reset(ANNA, HERE)
    await house.store.drain()
    (text,) = house.mailed()
    assert "https://tea.example/reset/" in text
    await house.doors.joining.reset(token_of(text), "staple battery horse", HERE)
    assert await house.whose(entered) is None
    assert await house.whose(await house.signs_in(password="staple battery horse"))
    with pytest.raises(Missing, match="does not work"):
        await house.doors.joining.reset(token_of(text), "another password", HERE)


async def test_the_link_is_kept_nowhere_once_it_is_sent(house: House) -> None:
    await house.doors.joining.ask_reset(ANNA, HERE)
    await house.store.drain()
    (notice,) = await house.written(await house.anna())
    assert (notice.state, "(link)" in notice.notice.text) == (NoticeState.SENT, True)
    token = token_of(house.mailed()[0])
    assert token not in repr(notice)
    assert not await jobs_with(house, token)


async def jobs_with(house: House, text: str) -> bool:
    """Whether any job holds a text."""
    async with house.store.app.database.read() as tx:
        return any(text in repr(row) for row in await tx.rows(plain(select(jobs.c.body, jobs.c.key))))


async def test_who_is_not_staff_is_written_nothing(house: House) -> None:
    pia = await house.added("pia@tea.example", Role.PICKER)
    async with house.store.app.database.begin() as tx:
        await house.doors.staff.disable(tx, house.by(), pia.id)
    for email in ("nobody@tea.example", "pia@tea.example"):
        await house.doors.joining.ask_reset(email, HERE)
    await house.store.drain()
    assert house.mailed() == []


async def test_a_newer_link_replaces_the_older_and_each_ends_after_an_hour(house: House) -> None:
    for _ in range(2):
        await house.doors.joining.ask_reset(ANNA, HERE)
        await house.store.drain(MINUTE)
    old, fresh = house.mailed()
    for text, minutes in ((old, 0), (fresh, 60)):
        house.later(minutes=minutes)
        with pytest.raises(Missing, match="does not work"):
            await house.doors.joining.reset(token_of(text), "staple battery horse", HERE)


async def test_a_letter_box_is_not_filled(house: House) -> None:
    for number in range(8):
        await house.doors.joining.ask_reset(ANNA, Visit(f"192.0.2.{number}"))
    await house.store.drain()
    assert len(house.mailed()) == 3


async def test_a_client_asks_only_so_often(house: House) -> None:
    for _ in range(10):
        await house.doors.joining.ask_reset("nobody@tea.example", HERE)
    with pytest.raises(Throttled, match="too often"):
        await house.doors.joining.ask_reset("nobody@tea.example", HERE)


async def test_an_invitation_is_in_the_language_of_whom_it_goes_to(house: House) -> None:
    async with house.store.app.database.begin() as tx:
        invitation = Invitation(email="uwe@tea.example", name="Uwe {link}", language="de")
        await house.doors.staff.invite(tx, house.by(), invitation)
    await house.store.drain()
    (text,) = house.mailed()
    assert text.startswith("Guten Tag Uwe {link},\n\nSie sind eingeladen, bei Mill Lane Tea")
    assert text.count("https://tea.example/invitation/") == 1


async def test_a_mail_that_was_not_sent_is_tried_again_until_its_link_is_dead(database_url: str) -> None:
    mail = MoodyMail([SendVerdict.LATER] * 100)
    async with open_house(database_url, mail=mail) as house:
        await house.owner()
        await house.doors.joining.ask_reset(ANNA, HERE)
        for minutes in (0, 1, 5, 30, 120, 360):
            await house.store.drain(minutes * MINUTE)
        assert mail.asked == 4


async def test_what_has_ended_is_deleted_by_itself(house: House) -> None:
    await house.signs_in()
    await house.doors.joining.ask_reset(ANNA, HERE)
    await house.store.drain()
    for _ in range(2):
        await house.store.drain(2 * DAY)
    async with house.store.app.database.read() as tx:
        for table in (sessions.sessions, throttles.throttles, links.links):
            assert list(await tx.rows(plain(select(table)))) == []
