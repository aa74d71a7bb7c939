"""Whatever is in a file, reading it ends with items, counts, bad lines or a refusal, and with nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from doorstep.catalog.model import Item, read_items
from doorstep.kernel.errors import Refused
from doorstep.kernel.limits import MINOR_UNITS_MAX, QUANTITY_MAX, SKU_CHARS_MAX
from doorstep.stock.model.counting import read_counts

_cells = st.text(st.sampled_from("aA1 .,;\"'\r\n\t\0é٣-+e") | st.characters(), max_size=8)
_lines = st.lists(st.lists(_cells, max_size=7).map(",".join), max_size=6).map("\n".join)
_raw = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))


def file_of(header: str) -> st.SearchStrategy[bytes]:
    lines = _lines.map(lambda text: f"{header}\n{text}".encode("utf-8", "surrogatepass"))
    return lines | _raw | _raw.map(lambda raw: header.encode() + b"\n" + raw)


@given(file_of("sku,name,price,weight_grams,barcode,tax_class,length_mm,is_dangerous,substitutes"))
def test_a_file_of_items_is_read_or_refused(raw: bytes) -> None:
    try:
        file = read_items(raw, "GBP", {"reduced"})
    except Refused:
        return
    assert all(0 <= item.price_minor <= MINOR_UNITS_MAX and item.weight_grams >= 0 for item in file.items)
    assert all(1 <= len(item.sku) <= SKU_CHARS_MAX and item.sku.isprintable() for item in file.items)
    assert all(one.reason and one.line > 1 for one in file.bad)


@given(file_of("sku,location,on_hand"))
def test_a_file_of_counts_is_read_or_refused(raw: bytes) -> None:
    try:
        counts, _ = read_counts(raw, ["a", "north"])
    except Refused:
        return
    assert all(one.location in ("a", "north") and 0 <= one.on_hand <= QUANTITY_MAX for one in counts)


_words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)
_items = st.builds(Item, _words, _words, st.integers(0, 10**6), st.integers(0, 10**6))


@given(st.lists(_items, max_size=5, unique_by=lambda item: item.sku))
def test_what_is_written_as_a_file_is_read_back(items: list[Item]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [
        f"{quoted(i.sku)},{quoted(i.name)},{i.price_minor // 100}.{i.price_minor % 100:02},{i.weight_grams}"
        for i in items
    ]
    file = read_items("\n".join(["sku,name,price,weight_grams", *lines]).encode(), "GBP", ())
    assert (file.items, file.bad) == (tuple(items), ())
