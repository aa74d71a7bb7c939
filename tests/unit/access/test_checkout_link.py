"""A link to a checkout opens it until it ends, is made here only, and does not say what opens it for good."""

from datetime import UTC, datetime, timedelta

import pytest

from doorstep.access.model.checkout_link import link_token, read_link
from doorstep.access.model.order_link import link_token as order_token
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import CheckoutId, id_from, order_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHECKOUT = CheckoutId(id_from("chk", 1_772_442_000_000, 7**28))
ORDER = order_of(CHECKOUT)
TOKEN = link_token("secret", ORDER, NOW + timedelta(hours=24))


def refused(token: str, at: datetime = NOW, secret: str = "secret") -> str:  # noqa: S107 - no secret
    with pytest.raises(Missing) as caught:
        read_link(secret, token, at)
    return caught.value.code


def test_a_link_opens_its_checkout_until_it_ends() -> None:
    assert read_link("secret", TOKEN, NOW + timedelta(hours=23)) == ORDER
    assert refused(TOKEN, NOW + timedelta(hours=24)) == "link_expired"


def test_a_link_does_not_say_the_id_that_opens_the_checkout_for_good() -> None:
    assert CHECKOUT.removeprefix("chk_") not in TOKEN


def test_a_link_to_an_order_opens_no_checkout() -> None:
    assert refused(order_token("secret", ORDER, NOW + timedelta(hours=24))) == "link_unknown"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", TOKEN[:-1], f"{TOKEN}x", f"1{TOKEN}", TOKEN.replace(".", "..")])
def test_what_was_not_made_here_opens_nothing(token: str) -> None:
    assert refused(token) == "link_unknown"


def test_another_deployment_makes_other_links() -> None:
    assert refused(TOKEN, secret="other") == "link_unknown"
