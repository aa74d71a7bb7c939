"""With a key of its caller's something is done once, and answered as it was."""

import asyncio
from datetime import timedelta

import pytest

from doorstep.desk.once import KEPT_FOR, Kept, Keyed, digest_of
from doorstep.jobs.model import Task
from doorstep.kernel.errors import Conflict
from doorstep.stock.model.sourcing import Moved, Source
from doorstep.storage.transaction import Tx
from tests.an_order import OPENING, Store, open_store

_KEYED = Keyed("key:key_1", "mine", digest_of(b"POST", b"/x", b"{}"))


class Counting:
    """Puts a packet of tea on the shelf each time it is asked."""

    def __init__(self, store: Store) -> None:
        self.store, self.asked = store, 0

    async def answer(self, tx: Tx) -> Kept:
        self.asked += 1
        goods = Moved(f"delivery {self.asked}", OPENING, (Source("north", 0, "TEA", 1),))
        await self.store.app.shelf.receive(tx, [goods])
        return Kept(201, b'{"number":1}')


async def test_asked_again_it_is_answered_as_before(database_url: str) -> None:
    async with open_store(database_url) as store:
        counting, once = Counting(store), store.app.desk.once
        first, second = await once.answer(_KEYED, counting.answer), await once.answer(_KEYED, counting.answer)
        assert (first.status, first.body, second.status, second.body) == (201, first.body, 201, first.body)
        assert (first.replayed, second.replayed, counting.asked) == (False, True, 1)


async def test_for_another_request_a_key_is_taken(database_url: str) -> None:
    async with open_store(database_url) as store:
        counting, once = Counting(store), store.app.desk.once
        await once.answer(_KEYED, counting.answer)
        with pytest.raises(Conflict) as conflict:
            await once.answer(Keyed(_KEYED.caller, _KEYED.key, digest_of(b"POST", b"/x", b"[]")), counting.answer)
        assert (conflict.value.code, counting.asked) == ("key_reused", 1)


async def test_of_two_at_once_one_has_the_effect_and_both_the_answer(database_url: str) -> None:
    async with open_store(database_url) as store:
        counting, once = Counting(store), store.app.desk.once
        kept = await asyncio.gather(*(once.answer(_KEYED, counting.answer) for _ in range(8)))
        assert {one.body for one in kept} == {b'{"number":1}'}
        assert (counting.asked, (await store.shelves())["TEA north"]) == (1, (51, 0, 0))


async def test_what_fails_keeps_no_answer(database_url: str) -> None:
    async with open_store(database_url) as store:
        counting, once = Counting(store), store.app.desk.once

        async def fail(tx: Tx) -> Kept:
            await counting.answer(tx)
            raise Conflict("no", "No.")

        with pytest.raises(Conflict):
            await once.answer(_KEYED, fail)
        assert (await store.shelves())["TEA north"] == (50, 0, 0)
        assert not (await once.answer(_KEYED, counting.answer)).replayed


async def test_each_caller_has_keys_of_their_own(database_url: str) -> None:
    async with open_store(database_url) as store:
        counting, once = Counting(store), store.app.desk.once
        await once.answer(_KEYED, counting.answer)
        assert not (await once.answer(Keyed("key:key_2", "mine", _KEYED.digest), counting.answer)).replayed


@pytest.mark.parametrize(("later", "asked"), [(KEPT_FOR, 1), (KEPT_FOR + timedelta(seconds=1), 2)])
async def test_answers_are_kept_for_a_week(database_url: str, later: timedelta, asked: int) -> None:
    async with open_store(database_url) as store:
        counting, once = Counting(store), store.app.desk.once
        await once.answer(_KEYED, counting.answer)
        async with store.app.database.begin() as tx:
            await once.tidy(tx, [Task(store.now + later, None, "tidy")])
        await once.answer(_KEYED, counting.answer)
        assert counting.asked == asked


def test_parts_of_a_request_are_told_apart() -> None:
    assert digest_of(b"a", b"bc") != digest_of(b"ab", b"c")
