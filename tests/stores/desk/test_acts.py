"""Every act does what its flow does, and says so in words and in the audit trail."""

import pytest

from doorstep.desk import bodies as b
from doorstep.desk.table import ACTS
from doorstep.journey import facts as f
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, NotAllowed, Refused
from doorstep.plug.notification import SendVerdict
from tests.an_order import MoodyMail, a_plan, an_order, open_store
from tests.stores.desk.at_the_desk import GUEST, audited, wish


async def test_a_hold_is_released(database_url: str) -> None:
    async with open_store(database_url, a_plan(review_over=1)) as store:
        order = await an_order(store).paid()
        done = await store.app.desk.ask(ACTS["hold.release"], wish(b.Nothing(reason="knows her"), order))
        await store.drain()
        (entry,) = await audited(store, order.id)
        assert (await order.stage(), done.says) == (Stage.CONFIRMED, "The order goes on.")
        assert (entry.actor_name, entry.act, entry.reason) == ("Carol", "hold.release", "knows her")
        assert '"stage":"held"' in entry.before


async def test_a_hold_is_rejected_with_a_reason(database_url: str) -> None:
    async with open_store(database_url, a_plan(review_over=1)) as store:
        order = await an_order(store).paid()
        await store.app.desk.ask(ACTS["hold.reject"], wish(b.OnlyReason(reason="stolen card"), order))
        assert await order.stage() == Stage.REJECTED
        with pytest.raises(Refused, match="say why"):
            await store.app.desk.ask(ACTS["hold.reject"], wish(b.OnlyReason(reason=" "), order))


async def test_all_that_can_be_is_canceled(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store, TEA=3, POT=1).confirmed()
        done = await store.app.desk.ask(ACTS["order.cancel"], wish(b.Cancellation(reason="sold twice"), order))
        assert (done.says, await order.stage()) == ("Canceled: 3 × TEA, 1 × POT.", Stage.CANCELED)


async def test_units_are_canceled_exactly_or_not_at_all(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store, TEA=3).confirmed()
        two = b.Cancellation(reason="sold twice", units=(b.Units(1, 1), b.Units(1, 1)))
        assert (await store.app.desk.ask(ACTS["order.cancel"], wish(two, order))).says == "Canceled: 2 × TEA."
        with pytest.raises(Conflict):
            await store.app.desk.ask(ACTS["order.cancel"], wish(two, order))


async def test_a_note_stands_in_the_audit_trail(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).placed()
        await store.app.desk.ask(ACTS["order.note"], wish(b.NoteBody(text="Rings twice"), order))
        assert '"note":"note_' in (await audited(store, order.id))[0].after


async def test_an_order_is_picked_packed_and_handed_over(database_url: str) -> None:
    async with open_store(database_url) as store:
        order, desk = await an_order(store, TEA=3).released(), store.app.desk
        (one,) = (await order.standing()).units.promises
        await desk.ask(ACTS["pick.report"], wish(b.PickBody(fulfillment_id=one), order))
        packed = await desk.ask(ACTS["pack.report"], wish(b.PackBody(fulfillment_id=one), order))
        await store.drain()
        await desk.ask(ACTS["parcel.hand_over"], wish(b.HandOverBody(parcel_id=packed.made), order))
        assert (packed.says, await order.stage()) == ("Packed: 3 × TEA.", Stage.UNDERWAY)
        assert {entry.act for entry in await audited(store)} == {"pick.report", "pack.report", "parcel.hand_over"}


async def test_what_is_missing_is_said_with_the_pick(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store, TEA=3).released()
        (one,) = (await order.standing()).units.promises
        body = b.PickBody(fulfillment_id=one, missing=(b.Units(1, 2),), reason="broken")
        done = await store.app.desk.ask(ACTS["pick.report"], wish(body, order))
        (short,) = await order.facts(f.UnitsShort)
        assert (done.says, short.reason) == ("Picked; missing: 2 × TEA.", "broken")


async def test_a_return_comes_back(database_url: str) -> None:
    async with open_store(database_url) as store:
        order, desk = await an_order(store, TEA=3).delivered(), store.app.desk
        body = b.ReturnBody(units=(b.Units(1, 2),), reason="too strong")
        opened = await desk.ask(ACTS["return.request"], wish(body, order))
        await desk.ask(ACTS["return.receive"], wish(b.ReceptionBody(return_id=opened.made), order))
        inspection = b.InspectionBody(return_id=opened.made, written_off=(b.Units(1, 1),))
        done = await desk.ask(ACTS["return.inspect"], wish(inspection, order))
        assert done.says == "Inspected. Back on the shelf: 1 × TEA; written off: 1 × TEA."
        assert await store.broken() == []


async def test_a_case_is_taken_and_settled(database_url: str) -> None:
    async with open_store(database_url) as store:
        order, desk = await an_order(store, service="refuse").packed(), store.app.desk
        (opened,) = await order.facts(f.CaseOpened)
        taken = await desk.ask(ACTS["case.take"], wish(b.CaseBody(case_id=opened.case_id), order))
        await desk.ask(ACTS["case.resolve"], wish(b.Resolution(case_id=opened.case_id, reason="label by hand"), order))
        (closed,) = await order.facts(f.CaseClosed)
        assert (taken.says, closed.actor, closed.resolution) == ("The case is Carol's.", "Carol", "label by hand")


async def test_a_question_is_answered_for_the_customer(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store, service="lose").delivered()
        (asked,) = await order.facts(f.QuestionAsked)
        body = b.AnswerBody(question_id=asked.question_id, choice="wait")
        assert (await store.app.desk.ask(ACTS["question.answer"], wish(body, order))).says == "Answered: wait."


async def test_a_notice_that_may_have_gone_is_sent_again(database_url: str) -> None:
    mail = MoodyMail([SendVerdict.UNKNOWN])
    async with open_store(database_url, mail=mail) as store:
        order = await an_order(store).confirmed()
        (notice,) = await order.notices()
        await store.app.desk.ask(ACTS["notice.send_again"], wish(b.NoticeBody(notice=notice.notice.key), order))
        await store.drain()
        assert ([one.state for one in await order.notices()], mail.asked) == (["sent"], 2)
        with pytest.raises(Conflict):
            await store.app.desk.ask(ACTS["notice.send_again"], wish(b.NoticeBody(notice=notice.notice.key), order))


async def test_another_orders_records_are_not_found(database_url: str) -> None:
    async with open_store(database_url) as store:
        mine, other = await an_order(store, "mine").released(), await an_order(store, "other").released()
        (theirs,) = (await other.standing()).units.promises
        with pytest.raises(Missing) as missing:
            await store.app.desk.ask(ACTS["pick.report"], wish(b.PickBody(fulfillment_id=theirs), mine))
        assert missing.value.code == "no_such_fulfillment"


async def test_who_may_not_does_not(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).confirmed()
        with pytest.raises(NotAllowed, match="orders:write is needed"):
            await store.app.desk.ask(ACTS["order.cancel"], wish(b.Cancellation(reason="no"), order, actor=GUEST))
        assert (await order.stage(), await audited(store)) == (Stage.CONFIRMED, ())


async def test_an_order_that_changed_is_left_alone_and_says_what_happened(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).placed()
        seen = (await order.standing()).seq
        await order.confirmed()
        with pytest.raises(Conflict, match="payment_authorized, order_confirmed") as conflict:
            await store.app.desk.ask(ACTS["order.cancel"], wish(b.Cancellation(reason="no"), order, seen))
        assert conflict.value.code == "order_changed"
        assert (await order.stage(), await audited(store)) == (Stage.CONFIRMED, ())


async def test_many_are_done_each_by_itself(database_url: str) -> None:
    async with open_store(database_url) as store:
        good, late = await an_order(store, "good").confirmed(), await an_order(store, "late").shipped()
        wishes = [wish(b.Cancellation(reason="recall"), order) for order in (good, late, good)]
        outcomes = await store.app.desk.ask_all(ACTS["order.cancel"], wishes)
        assert [one.code if isinstance(one, DoorstepError) else one.says for one in outcomes] == [
            "Canceled: 3 × TEA.",
            "too_late",
            "named_twice",
        ]
        assert [entry.about_id for entry in await audited(store)] == [good.id]


async def test_a_preview_says_what_would_be_and_changes_nothing(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).confirmed()
        before = (await order.kinds(), await store.shelves())
        (outcome,) = await store.app.desk.preview(ACTS["order.cancel"], [wish(b.Cancellation(reason="no"), order)])
        assert not isinstance(outcome, DoorstepError)
        assert outcome.says == "Canceled: 3 × TEA."
        assert (await order.kinds(), await store.shelves()) == before
        assert await audited(store) == ()
