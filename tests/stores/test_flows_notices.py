"""Customers are told each thing once, however the mail provider behaves."""

import re

from doorstep.access.flow.access import Access
from doorstep.access.model.order_link import SECRET_NAME, read_link
from doorstep.messages.model import NO_LINK, NoticeState
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


async def test_a_notice_carries_the_link_to_the_order_and_is_kept_without_it(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).confirmed()
        (sent,), (kept,) = store.mail.messages(), await order.notices()
        link = re.search(r"https://tea\.example/order/(\S+)", sent.text)
        async with store.app.database.read() as tx:
            secret = await Access().secret_of(tx, SECRET_NAME)
        assert link
        assert read_link(secret, link[1], store.now) == order.id
        assert kept.notice.text == sent.text.replace(link[0], NO_LINK)
