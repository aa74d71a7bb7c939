"""Customers are told each thing once, however the mail provider behaves."""

from doorstep.messages.model import NoticeState
from doorstep.plug.notification import SendVerdict
from tests.an_order import DAY, MINUTE, MoodyMail, an_order, open_store


async def test_a_customer_is_told_of_each_step_once(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).returned()
        assert await order.told() == [
            "Your order # is confirmed",
            "Your order # is on its way",
            "Your order # was delivered",
            "Your refund for order #",
        ]
        assert {notice.state for notice in await order.notices()} == {NoticeState.SENT}


async def test_a_notice_that_was_surely_not_sent_is_tried_again_until_it_is(database_url: str) -> None:
    mail = MoodyMail([SendVerdict.LATER] * 3)
    async with open_store(database_url, mail=mail) as store:
        order = await an_order(store).confirmed()
        for minutes in (1, 5, 30):
            assert [notice.state for notice in await order.notices()] == [NoticeState.SENDING]
            await store.drain(minutes * MINUTE)
        (notice,) = await order.notices()
        assert (notice.state, notice.tries, list(mail.sent.values())) == (NoticeState.SENT, 4, [1])


async def test_a_notice_that_is_never_taken_is_given_up_visibly(database_url: str) -> None:
    mail = MoodyMail([SendVerdict.LATER] * 100)
    async with open_store(database_url, mail=mail) as store:
        order = await an_order(store).confirmed()
        for _ in range(8):
            await store.drain(DAY)
        (notice,) = await order.notices()
        assert (notice.state, mail.asked) == (NoticeState.REFUSED, 7)
        assert notice.note.startswith("given up after 7 tries")


async def test_a_notice_that_may_have_been_sent_is_not_sent_again(database_url: str) -> None:
    mail = MoodyMail([SendVerdict.UNKNOWN])
    async with open_store(database_url, mail=mail) as store:
        order = await an_order(store).confirmed()
        await store.drain(DAY)
        assert [(notice.state, mail.asked) for notice in await order.notices()] == [(NoticeState.UNKNOWN, 1)]


async def test_a_refused_notice_does_not_hold_the_order_up(database_url: str) -> None:
    mail = MoodyMail([SendVerdict.REFUSED] * 3)
    async with open_store(database_url, mail=mail) as store:
        order = await an_order(store).delivered()
        assert [notice.state for notice in await order.notices()] == [NoticeState.REFUSED] * 3
        assert len(await order.parcels("delivered")) == 1
