"""Stock codes that are not goods, each with its plain name and why it is no order line. Decided by looking at each one.

What else looks unusual and is goods: codes that begin with DCGS (items sold through the retailer's own web shop, party
bags DCGSSBOY and DCGSSGIRL among them) and PADS (cushion pads given along, at a tenth of a penny).
"""

import re

from msgspec import Struct

_GOODS = re.compile(r"\d{5}[A-Z]{0,2}|DCGS[A-Z0-9]+|PADS")


class NotGoodsCode(Struct, frozen=True):
    """A code that stands for something other than an item."""

    name: str
    reason: str


def is_goods(sku: str) -> bool:
    """Whether a code has the form of an item: five digits and up to two letters, or one of the two named exceptions."""
    return sku not in NOT_GOODS and _GOODS.fullmatch(sku) is not None


_VOUCHER_REASON = "a promise of money: nothing is picked and what it is worth is not turnover yet"

NOT_GOODS = {
    "POST": NotGoodsCode("postage", "the price of a delivery, which the plan's shipping rates say anew"),
    "DOT": NotGoodsCode("web shop postage", "the price of the web shop's deliveries, summed over many parcels"),
    "C2": NotGoodsCode("carriage", "the price of a delivery, which the plan's shipping rates say anew"),
    "23444": NotGoodsCode("next day carriage", "a delivery service sold under an item's code"),
    "23574": NotGoodsCode("packing charge", "a fee for packing sold under an item's code"),
    "23702": NotGoodsCode("picture file", "a high resolution picture for a reseller: nothing is shipped"),
    "M": NotGoodsCode("manual", "an amount typed by hand: no item is named"),
    "D": NotGoodsCode("discount", "money off a past invoice: no item is named"),
    "S": NotGoodsCode("samples", "the cost of samples given away, booked as one amount"),
    "B": NotGoodsCode("bad debt adjustment", "bookkeeping: a debt that will not be paid"),
    "CRUK": NotGoodsCode("charity commission", "the share of sales passed on to Cancer Research UK"),
    "AMAZONFEE": NotGoodsCode("marketplace fee", "what the marketplace kept, booked as one amount"),
    "BANK CHARGES": NotGoodsCode("bank charges", "what the bank kept, or a customer paid for it"),
    "GIFT_0001_10": NotGoodsCode("gift voucher, 10 pounds", _VOUCHER_REASON),
    "GIFT_0001_20": NotGoodsCode("gift voucher, 20 pounds", _VOUCHER_REASON),
    "GIFT_0001_30": NotGoodsCode("gift voucher, 30 pounds", _VOUCHER_REASON),
    "GIFT_0001_40": NotGoodsCode("gift voucher, 40 pounds", _VOUCHER_REASON),
    "GIFT_0001_50": NotGoodsCode("gift voucher, 50 pounds", _VOUCHER_REASON),
    "22016": NotGoodsCode("gift voucher, 100 pounds", _VOUCHER_REASON),
}
