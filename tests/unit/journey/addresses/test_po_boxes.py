"""PO boxes are recognized in the languages of most posts, and streets are not taken for them."""

import pytest

from doorstep.journey.addresses.po_boxes import is_po_box

_BOXES = """P.O. Box 12|PO Box 12|p o box 4|POB 12|Post Office Box 7|GPO Box 5|Locked Bag 3|Private Bag X12
Postfach 10 20|Packstation 123|BP 40|B.P. 40|Boîte postale 3|Apartado de correos 5|Apartado 12|Apdo. 12|Casilla 45
Caixa Postal 12|Casella postale 9|Postbus 123|Postboks 1|Box 123|PL 45|Skr. poczt. 12|Paczkomat WAW01|а/я 12|Τ.Θ. 12
私書箱12号|ص.ب 123|ת.ד. 12|P.K. 12""".replace("\n", "|").split("|")
_STREETS = """1 Box Hill|12 Postbridge Road|Boxhagener Str. 5|Postfachweg 3|Place du 8 Mai|Rue BP|12 Pobjoy Lane
Plaza 5|Am Postamt 4|Pomona Box Road 3|1 Poboxe Street""".replace("\n", "|").split("|")


@pytest.mark.parametrize("street", [*_BOXES, "c/o Ada\nPostfach 12"])
def test_a_box_is_recognized(street: str) -> None:
    assert is_po_box(street)


@pytest.mark.parametrize("street", _STREETS)
def test_a_street_is_no_box(street: str) -> None:
    assert not is_po_box(street)


def test_a_long_text_is_looked_through_at_once() -> None:
    assert not is_po_box("p. o. b " * 20_000)
