"""The carrier is told where a parcel goes as the country writes it, and what the shopper tells the courier."""

from msgspec.structs import replace

from doorstep.journey.order import Address
from doorstep.journey.shipping.model import SHIPMENT, Shipment, for_courier
from doorstep.journey.shipping.model import label_request as asked_for
from tests.laws.stories import an_order
from tests.unit.journey.a_cart import a_plan

_HOME = Address("DE", "", "Weg 1", "Ulm", "89073", phone="+49301234567", instructions="Ring twice", access_code="#12")


def test_the_code_of_the_door_follows_the_instructions() -> None:
    assert for_courier(_HOME) == "Ring twice\nAccess code: #12"
    assert for_courier(replace(_HOME, access_code="")) == "Ring twice"
    assert for_courier(replace(_HOME, instructions="")) == "Access code: #12"
    assert for_courier(Address("DE")) == ""


def test_a_label_is_asked_for_with_the_lines_of_the_address() -> None:
    order = replace(an_order(1), address=_HOME)
    shipment = Shipment("par_1", order.id, "main", SHIPMENT.start, "zone-rate", "standard", "", "", 0, 300)
    asked = asked_for(shipment, order, a_plan(""))
    assert asked.address == (order.buyer.name, "Weg 1", "89073 ULM", "GERMANY")
    assert (asked.phone, asked.instructions) == ("+49301234567", "Ring twice\nAccess code: #12")
