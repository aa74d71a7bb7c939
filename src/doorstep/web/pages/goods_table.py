"""The pages of goods, numbers and the system."""

from doorstep.access.model.permissions import Permission
from doorstep.web.pages import numbers, stock
from doorstep.web.pages.imports import IMPORTS
from doorstep.web.pages.page import Page
from doorstep.web.pages.system import SYSTEM

_NUMBERS = Permission.NUMBERS_READ

GOODS: tuple[Page, ...] = (
    Page(method="GET", path=stock.LIST, run=stock.stock, needs=Permission.STOCK_READ),
    Page(method="GET", path=stock.ITEM, run=stock.item, needs=Permission.STOCK_READ),
    Page(
        method="POST",
        path=stock.ITEM,
        run=stock.adjust,
        needs=Permission.STOCK_WRITE,
        again=stock.adjust_again,
    ),
    *IMPORTS,
    Page(method="GET", path=numbers.PATH, run=numbers.numbers, needs=_NUMBERS),
    Page(method="GET", path=f"{numbers.PATH}.csv", run=numbers.export, needs=_NUMBERS),
    *SYSTEM,
)
"""All of them."""
