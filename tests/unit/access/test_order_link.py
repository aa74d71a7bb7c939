"""A customer's link opens its own order until it ends, and nothing else ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.access.model.order_link import link_token, read_link
from doorstep.kernel.errors import NotAllowed
from doorstep.kernel.ids import OrderId

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_ENDS = _AT + timedelta(days=90)
_ORDER = OrderId("ord_06AVZ3M8H1K2M4P6R8T0V2X4Z6")
_TOKEN = link_token("secret", _ORDER, _ENDS)


def test_a_link_opens_its_order() -> None:
    assert read_link("secret", _TOKEN, _AT) == _ORDER
    assert len(_TOKEN) < 60
    assert set(_TOKEN) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


def test_a_link_ends() -> None:
    with pytest.raises(NotAllowed, match="has expired") as told:
        read_link("secret", _TOKEN, _ENDS)
    assert told.value.code == "link_expired"


@given(st.integers(0, len(_TOKEN) - 1), st.characters())
def test_a_link_of_which_one_letter_is_changed_opens_nothing(place: int, letter: str) -> None:
    forged = _TOKEN[:place] + letter + _TOKEN[place + 1 :]
    if forged != _TOKEN:
        with pytest.raises(NotAllowed, match="opens no order"):
            read_link("secret", forged, _AT)
    assert read_link("secret", _TOKEN, _AT) == _ORDER


@given(st.text(max_size=80))
def test_no_other_text_opens_anything(text: str) -> None:
    with pytest.raises(NotAllowed) as told:
        read_link("secret", text, _AT)
    assert told.value.code == "link_unknown"


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=40), st.integers(1, 20_000))
def test_each_order_is_read_back(name: str, days: int) -> None:
    order = OrderId(f"ord_{name}")
    assert read_link("secret", link_token("secret", order, _AT + timedelta(days=days)), _AT) == order


def test_another_store_opens_nothing() -> None:
    with pytest.raises(NotAllowed, match="opens no order"):
        read_link("another", _TOKEN, _AT)
