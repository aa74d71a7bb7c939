"""A file of items is read strictly, and every bad line is named at once."""

import pytest

from doorstep.catalog.model import Changed, Item, ItemFile, compared, read_items
from doorstep.kernel.errors import Refused

HEADER = "sku,name,price,weight_grams,barcode,tax_class\n"


def read(text: str, currency: str = "GBP") -> ItemFile:
    return read_items(text.encode(), currency, {"reduced"})


def said(file: ItemFile) -> list[str]:
    return [str(one) for one in file.bad]


def test_a_line_is_an_item() -> None:
    file = read(f"{HEADER}TEA,Green tea,4.95,100,5012345,reduced\n")
    assert file == ItemFile((Item("TEA", "Green tea", 495, 100, "5012345", "reduced"),), ())


def test_what_may_be_left_out_has_a_default() -> None:
    assert read("name;sku;weight_grams;price\nGreen tea;TEA;100;4\n").items == (Item("TEA", "Green tea", 400, 100),)


@pytest.mark.parametrize(("currency", "price", "minor"), [("GBP", "0", 0), ("JPY", "500", 500), ("KWD", "1.005", 1005)])
def test_a_price_is_in_the_currency_of_the_store(currency: str, price: str, minor: int) -> None:
    assert read(f"sku,name,price,weight_grams\nTEA,Tea,{price},1\n", currency).items[0].price_minor == minor


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",Tea,1,1,,", "line 2, sku: It is empty."),
        ("T,Tea,1.999,1,,", "line 2, price: '1.999' has more digits after the point than GBP has."),
        ("T,Tea,-1,1,,", 'line 2, price: "-1" is not a price; write it like 12.50.'),
        ("T,Tea,1e3,1,,", 'line 2, price: "1e3" is not a price; write it like 12.50.'),
        ("T,Tea,1,heavy,,", 'line 2, weight_grams: "heavy" is not a whole number of grams from 0 to 100000000.'),
        ("T,Te\x07a,1,1,,", "line 2, name: It holds a character that cannot be printed."),
        ("T,Tea,1,1,,reduce", 'line 2, tax_class: The plan has no tax rate for the class "reduce". Did you mean'),
        ("T,Tea,1", "line 2: It has 3 values, but the header 6."),
        ('"T,Tea,1,1,,', "line 2: It cannot be read as CSV: unexpected end of data."),
    ],
)
def test_a_bad_line_is_named_with_its_reason(line: str, reason: str) -> None:
    assert said(read(f"{HEADER}{line}\n"))[0].startswith(reason)


def test_every_problem_is_named_and_the_good_lines_are_kept() -> None:
    file = read(f"{HEADER}A,Tea,x,y,,\n\nB,Tea,1,1,,\nB,Tea,2,1,,\n")
    assert [item.sku for item in file.items] == ["B"]
    assert [(one.line, one.field) for one in file.bad] == [(2, "price"), (2, "weight_grams"), (5, "sku")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "no_header"),
        (b"sku,nam,price,weight_grams\n", "bad_header"),
        (b"sku,sku,name,price,weight_grams\n", "bad_header"),
        (b"sku,name\xff", "sheet_not_utf8"),
    ],
)
def test_a_file_of_something_else_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_items(raw, "GBP", ())
    assert refused.value.code == code


def test_a_misspelled_column_is_answered_with_the_right_one() -> None:
    with pytest.raises(Refused, match=r'The column "nam" is not known\. Did you mean "name"\?'):
        read("sku,nam,price,weight_grams\n")


def test_new_changed_and_unchanged_items_are_told_apart() -> None:
    tea, cup, pot = Item("TEA", "Tea", 495, 100), Item("CUP", "Cup", 700, 300), Item("POT", "Pot", 3333, 900)
    cheaper = Item("CUP", "Cup", 600, 300)
    outcome = compared([tea, cheaper, pot], {"CUP": cup, "POT": pot})
    assert (outcome.new, outcome.changed, outcome.unchanged) == ((tea,), (Changed(cup, cheaper),), 1)
    assert outcome.to_write == (tea, cheaper)


def test_sides_danger_and_substitutes_are_read() -> None:
    header = "sku,name,price,weight_grams,length_mm,width_mm,height_mm,is_dangerous,substitutes\n"
    item = Item("LAMP", "Lamp", 2000, 800, length_mm=300, width_mm=200, height_mm=90, is_dangerous=True)
    assert read(f"{header}LAMP,Lamp,20,800,300,200,90,Yes,\n").items == (item,)
    assert read(f"{header}LAMP,Lamp,20,800,,,,no, A  B A\n").items[0].substitute_skus == ("A", "B")


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("length_mm", "30cm", 'length_mm: "30cm" is not a whole number of millimeters from 0 to 100000.'),
        ("is_dangerous", "maybe", 'is_dangerous: "maybe" is neither yes nor no.'),
        ("substitutes", " ".join("ABCDEFGHIJK"), "substitutes: It names 11 substitutes; at most 10 are offered."),
        ("substitutes", "A" * 65, "substitutes: It is longer than 64 characters."),
    ],
)
def test_a_bad_cell_of_a_column_that_few_use_is_named(column: str, cell: str, reason: str) -> None:
    assert said(read(f"sku,name,price,weight_grams,{column}\nT,Tea,1,1,{cell}\n")) == [f"line 2, {reason}"]
