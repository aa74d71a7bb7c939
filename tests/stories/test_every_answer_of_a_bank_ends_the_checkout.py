"""Whatever a bank answers, the checkout comes to an end that its shopper is told, and money moves once or not at all.

Each row: the token, whether the shopper passes the bank's challenge (None: they never come back), minutes that pass,
the checkout's state then, the reason that is shown, and how often money moved.
"""

import pytest

from doorstep.kernel.ids import child
from tests.stories.shop import Shop

_SHORT, _LONG = (0, 6, 11, 21), (0, 6, 11, 21, 41, 81)
_ENDS = (
    ("approve", None, _SHORT, "completed", None, 1),
    ("decline", None, _SHORT, "ready_for_complete", "declined", 0),
    ("decline:stolen_card", None, _SHORT, "ready_for_complete", "stolen_card", 0),
    ("no_such_token", None, (0,), "ready_for_complete", "unknown sandbox token 'no_such_token'", 0),
    ("timeout", None, _SHORT, "completed", None, 1),
    ("timeout-lost", None, _LONG, "completed", None, 1),
    ("late", None, _SHORT, "completed", None, 1),
    ("late:3", None, _LONG, "completed", None, 1),
    ("twice", None, _SHORT, "completed", None, 1),
    ("challenge", True, _SHORT, "completed", None, 1),
    ("challenge", False, (0, 6), "ready_for_complete", "challenge failed", 0),
    ("challenge", None, _LONG, "expired", "not completed by the buyer in time", 0),
    ("capture-fails", None, _SHORT, "completed", None, 1),
)


Row = tuple[str, bool | None, tuple[int, ...], str, str | None, int]


@pytest.mark.parametrize("row", _ENDS, ids=lambda row: f"{row[0]} {row[1]}")
async def test_a_checkout_ends_as_its_bank_answers(shop: Shop, row: Row) -> None:
    token, passes, minutes, state, reason, moved = row
    checkout = await shop.ready()
    placed = (await shop.buy(checkout, token=token)).json()
    assert placed["state"] == "complete_in_progress"
    await shop.work()
    if passes is not None:
        shop.bank.complete_challenge(child("pay", placed["order"]["id"], 1), approved=passes)
    for span in minutes:
        await shop.later(span)
    now = await shop.look(checkout)
    assert (now["state"], now["payment"]["reason"]) == (state, reason)
    assert len([one for one in shop.bank.books() if one.act == "authorize"]) == moved


@pytest.mark.parametrize("token", ["decline", "no_such_token", "challenge"])
async def test_after_each_refusal_another_card_pays(shop: Shop, token: str) -> None:
    checkout = await shop.ready()
    order_id = (await shop.buy(checkout, token=token, key="one")).json()["order"]["id"]
    await shop.work()
    if token == "challenge":
        shop.bank.complete_challenge(child("pay", order_id, 1), approved=False)
        await shop.later(minutes=6)
    assert (await shop.buy(checkout, key="two")).status_code == 200
    await shop.work()
    now = await shop.look(checkout)
    assert (now["state"], now["payment"]["attempts"], len(shop.bank.books())) == ("completed", 2, 1)
