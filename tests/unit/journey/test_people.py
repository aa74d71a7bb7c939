"""Who buys, and how they are reached: what is missing is asked for with a label and an example."""

from typing import Any

import pytest
from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState
from doorstep.journey.placement.model.emails import is_email
from doorstep.journey.placement.model.problems import Problem
from doorstep.plan.records import Plan
from tests.unit.journey.a_cart import ADDRESSES, a_cart, a_plan, wished

_MUG = Item("MUG", "Mug", 1000, 300)
_PLAIN = a_plan("")
_BR = Address("BR", "Ada", "Rua 1", "São Paulo", "01001-000", "SP")


def bought(plan: Plan = _PLAIN, to: str = "DE", **more: Any) -> Checkout:
    """A checkout for a mug."""
    return a_cart(plan, [_MUG], wished({"MUG": 1}, to, **more))


def at(checkout: Checkout, path: str) -> Problem:
    """The one problem of a checkout, which must be there."""
    (problem,) = checkout.problems
    assert problem.path == path
    return problem


@pytest.mark.parametrize(
    "setting",
    [
        "[placement]\nphone_required = true\n",
        '[placement]\nphone_required_countries = ["DE"]\n',
        "[shipping.services.standard]\nphone_required = true\n",
    ],
)
def test_a_phone_number_is_asked_for_where_it_is_needed(setting: str) -> None:
    problem = at(bought(a_plan(setting)), "buyer.phone")
    assert (problem.kind, str(problem.field and problem.field.label)) == ("field_missing", "Phone number")
    assert problem.field
    assert problem.field.example.startswith("+49 ")


def test_a_phone_number_in_the_address_is_enough() -> None:
    plan = a_plan("[placement]\nphone_required = true\n")
    checkout = bought(plan, address=replace(ADDRESSES["DE"], phone="030 1234567"))
    assert (checkout.state, checkout.wishes.address and checkout.wishes.address.phone) == (
        CheckoutState.READY,
        "+49301234567",
    )


def test_a_phone_number_is_that_of_the_country_that_it_goes_to() -> None:
    checkout = bought(to="GB", buyer=Buyer("ada@example.org", "Ada", "020 7946 0000"))
    assert checkout.wishes.buyer
    assert checkout.wishes.buyer.phone == "+442079460000"


def test_a_phone_number_that_is_none_is_refused_though_none_is_needed() -> None:
    checkout = bought(buyer=Buyer("ada@example.org", "Ada", "call me"))
    assert at(checkout, "buyer.phone").kind == "bad_phone"
    assert checkout.wishes.buyer
    assert checkout.wishes.buyer.phone == "call me"


def test_a_tax_number_is_asked_for_where_customs_do() -> None:
    plan = a_plan('[placement]\ntax_id_required_countries = ["BR"]\n')
    missing = at(bought(plan, address=_BR), "buyer.tax_id")
    wrong = at(bought(plan, address=_BR, tax_id="390.533.447-06"), "buyer.tax_id")
    assert (missing.kind, str(missing.field and missing.field.label)) == ("field_missing", "CPF or CNPJ")
    assert (wrong.kind, bought(plan, address=_BR, tax_id="39053344705").problems) == ("bad_tax_id", ())
    assert bought(plan).problems == ()


def test_the_bill_may_go_elsewhere_and_its_address_is_looked_at_too() -> None:
    elsewhere = replace(ADDRESSES["GB"], postcode="CB7")
    problem = at(bought(billing_address=elsewhere), "billing_address.postcode")
    assert (problem.kind, problem.field and problem.field.example) == ("field_invalid", "EC1Y 8SY")
    assert bought(billing_address=ADDRESSES["US"]).problems == ()


def test_a_service_that_delivers_to_no_boxes_names_those_that_do() -> None:
    post = '[shipping.services.post]\nname = "Post"\n[shipping.services.post.rates.world]\nprice = "4"\n'
    plan = a_plan("[shipping.services.standard]\npo_boxes = false\n" + post)
    box = replace(ADDRESSES["DE"], street="Postfach 10 20")
    problem = at(bought(plan, address=box), "address.street")
    assert (problem.kind, [one.id for one in problem.options]) == ("po_box_not_served", ["post"])
    assert bought(plan, address=box, service="post").problems == ()


@pytest.mark.parametrize("email", ["a@b.de", "ada+x@example.co.uk", "o'neil@example.com", "ada@müller.de", "a@例え.jp"])
def test_mail_can_be_sent_there(email: str) -> None:
    assert is_email(email)


@pytest.mark.parametrize(
    "email",
    [
        *(
            "",
            "a",
            "a@b",
            "@b.de",
            "a@",
            "a..b@c.de",
            ".a@c.de",
            "a@-b.de",
            "a@b-.de",
            "a@b..de",
            "a b@c.de",
            "a@b.123",
        ),
        *("a@[192.0.2.1]", '"a b"@c.de', "a@b.de\n", "a@b_c.de", f"{'x' * 65}@b.de", f"a@{'b' * 64}.de", "ä@b.de"),
        *("a@b.de.", "a@b@c.de", f"a@{'b.' * 130}de", "a@" + "ü" * 300 + ".de"),
    ],
)
def test_mail_cannot_be_sent_there(email: str) -> None:
    assert not is_email(email)
