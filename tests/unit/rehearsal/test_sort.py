"""Each line ends in one bucket, by code, invoice, quantity, price and customer, in this order."""

import pytest
from msgspec.structs import replace

from doorstep.rehearsal.recording.codes import NOT_GOODS, is_goods
from doorstep.rehearsal.recording.sort import Bucket, sort_line, sort_lines
from tests.unit.rehearsal.a_recording import a_line


@pytest.mark.parametrize("sku", ["10001", "85123A", "15056BL", "DCGS0003", "DCGSSBOY", "DCGS0066P", "PADS"])
def test_items_are_goods(sku: str) -> None:
    assert is_goods(sku)
    assert sort_line(a_line(sku=sku), 1)[0] is Bucket.GOODS


@pytest.mark.parametrize("sku", NOT_GOODS)
def test_codes_of_the_table_are_not_goods_on_any_invoice(sku: str) -> None:
    for invoice, quantity in (("1", 1), ("C1", -1), ("A1", 1), ("1", -1)):
        bucket, reason = sort_line(a_line(sku=sku, invoice=invoice, quantity=quantity), 1)
        assert bucket is Bucket.NOT_GOODS
        assert NOT_GOODS[sku].name in reason


@pytest.mark.parametrize(
    ("changes", "bucket"),
    [
        ({"sku": "TEST001"}, Bucket.UNUSABLE),
        ({"invoice": "A563185"}, Bucket.UNUSABLE),
        ({"invoice": "1x"}, Bucket.UNUSABLE),
        ({"quantity": 0}, Bucket.UNUSABLE),
        ({"unit_price_minor": -1}, Bucket.UNUSABLE),
        ({"quantity": -1}, Bucket.UNUSABLE),
        ({"quantity": -1, "unit_price_minor": 0}, Bucket.UNUSABLE),
        ({"quantity": -1, "customer": ""}, Bucket.UNUSABLE),
        ({"quantity": -1, "customer": "", "unit_price_minor": 0}, Bucket.STOCK_LESS),
        ({"customer": "", "unit_price_minor": 0}, Bucket.STOCK_MORE),
        ({"unit_price_minor": 0}, Bucket.UNPRICED),
        ({"invoice": "C1", "quantity": -1}, Bucket.CANCELED),
        ({"invoice": "C1", "quantity": -1, "unit_price_minor": 0}, Bucket.UNPRICED),
        ({"invoice": "C1"}, Bucket.UNUSABLE),
    ],
)
def test_a_line_alone_on_its_invoice(changes: dict[str, object], bucket: Bucket) -> None:
    assert sort_line(replace(a_line(), **changes), 1)[0] is bucket


def test_without_price_and_customer_company_tells_goods_from_a_stock_correction() -> None:
    nameless = a_line(2, customer="", unit_price_minor=0)
    alone, one, two = sort_lines(
        [nameless, a_line(3, invoice="2", customer="", unit_price_minor=0), a_line(4, invoice="2")]
    )
    assert (alone.bucket, one.bucket, two.bucket) == (Bucket.STOCK_MORE, Bucket.UNPRICED, Bucket.GOODS)
