"""Files in the console: looked at first, then taken in exactly as they were looked at."""

import re

import httpx
import pytest

from doorstep.catalog import store as catalog
from doorstep.stock import store as stock
from tests.contract.console.test_forms import HOSTILE
from tests.stories.people import Browser
from tests.stories.shop import Shop

FORM, TAKING = "/console/stock/import", "/console/stock/import/taking"
ITEMS = "sku,name,price,weight_grams\nMUG,Mug,13.50,300\nPLATE,Plate,9.00,410\n"
BAD = f"{ITEMS}BOWL,Bowl,dear,200\n"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


async def _look_at(owner: Browser, csv: str, kind: str = "items", **more: str) -> httpx.Response:
    await owner.get(FORM)
    return await owner.post(FORM, kind=kind, csv=csv, **more)


def _hidden(owner: Browser) -> dict[str, str]:
    fields = dict(_HIDDEN.findall(owner.text))
    return {name: value for name, value in fields.items() if name != "csrf"}


async def _names(shop: Shop) -> dict[str, int]:
    async with shop.app.database.read() as tx:
        return {item.sku: item.price_minor for item in await catalog.page(tx, "", 100)}


async def test_a_preview_says_what_would_change_and_changes_nothing(owner: Browser, shop: Shop) -> None:
    before = await _names(shop)
    await _look_at(owner, ITEMS)
    assert "<del>price 10.00</del> → <ins>price 13.50</ins>" in owner.text
    assert "Plate, price 9.00, weight_grams 410" in owner.text
    assert await _names(shop) == before


async def test_what_was_looked_at_is_taken_in(owner: Browser, shop: Shop) -> None:
    await _look_at(owner, ITEMS)
    await owner.post(TAKING, **_hidden(owner))
    await owner.follow()
    assert "Taken in: 1 new, 1 changed, 0 as they were." in owner.text
    assert await _names(shop) == {"MUG": 1350, "PLATE": 900, "VASE": 9000}


async def test_a_file_that_is_uploaded_goes_before_text(owner: Browser) -> None:
    await owner.get(FORM)
    token = re.search(r'name="csrf" value="([^"]+)"', owner.text)
    assert token
    data = {"csrf": token[1], "kind": "items", "csv": "nonsense"}
    answer = await owner.http.post(FORM, data=data, files={"file": ("items.csv", "\ufeff" + ITEMS, "text/csv")})
    assert "PLATE" in answer.text


async def test_bad_lines_are_told_with_column_and_reason(owner: Browser, shop: Shop) -> None:
    await _look_at(owner, BAD)
    for text in ('data-label="Line">4<', "<code>price</code>", '"dear" is not a price; write it like 12.50.'):
        assert text in owner.text
    answer = await owner.post(TAKING, **_hidden(owner))
    assert (answer.status_code, "Nothing was imported: 1 lines cannot be used." in owner.text) == (422, True)
    assert "PLATE" not in await _names(shop)


async def test_bad_lines_are_left_out_on_purpose(owner: Browser, shop: Shop) -> None:
    await _look_at(owner, BAD)
    await owner.post(TAKING, **_hidden(owner), skip_bad="yes")
    await owner.follow()
    assert "1 line was left out." in owner.text
    assert "PLATE" in await _names(shop)


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"packed": ""}, {"packed": "AAAA"}, {"packed": "é"}])
async def test_a_file_that_is_another_by_then_is_not_taken_in(
    owner: Browser, shop: Shop, change: dict[str, str]
) -> None:
    await _look_at(owner, ITEMS)
    answer = await owner.post(TAKING, **(_hidden(owner) | change))
    assert (answer.status_code, "did not come through whole" in owner.text) == (422, True)
    assert "PLATE" not in await _names(shop)


async def test_a_form_sent_twice_is_taken_in_once(owner: Browser) -> None:
    page = await _look_at(owner, ITEMS)
    hidden = _hidden(owner)
    await owner.post(TAKING, **hidden)
    owner.seen = page
    await owner.post(TAKING, **hidden)
    await owner.follow()
    assert "1 new, 1 changed" in owner.text


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("", "Choose a file, or paste its text."),
        ("  \n \n", "Choose a file, or paste its text."),
        ("a,b\n1,2\n", 'The column "sku" is missing.'),
        ("sku,name,prize,weight_grams\n", 'Did you mean "price"?'),
    ],
)
async def test_what_is_no_such_file_is_a_sentence(owner: Browser, csv: str, said: str) -> None:
    answer = await _look_at(owner, csv)
    assert (answer.status_code, said in owner.text) == (422, True)
    assert csv.strip() in owner.text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"sku,name,price,weight_grams\nMUG,T\xe9,1,1\n", "not UTF-8 text: see line 2"),
        (b"sku," * 5_000_001, "larger than 20 MB"),
    ],
)
async def test_a_file_that_cannot_be_read_is_a_sentence(owner: Browser, raw: bytes, said: str) -> None:
    await owner.get(FORM)
    token = re.search(r'name="csrf" value="([^"]+)"', owner.text)
    assert token
    answer = await owner.http.post(FORM, data={"csrf": token[1], "kind": "items"}, files={"file": ("x.csv", raw)})
    assert (answer.status_code, said in answer.text) == (422, True)


async def test_a_header_alone_is_nothing_to_take_in(owner: Browser) -> None:
    await _look_at(owner, "sku,location,on_hand\n", "stock")
    assert "There is nothing to take in" in owner.text


async def test_a_count_is_taken_in_once_under_its_name(owner: Browser, shop: Shop) -> None:
    counted = "sku,location,on_hand\nMUG,main,7\n"
    await _look_at(owner, counted, "stock", name="spring")
    await owner.post(TAKING, **_hidden(owner))
    await _look_at(owner, counted.replace("7", "9"), "stock", name="spring")
    assert "taken in before" in owner.text
    assert "There is nothing to take in" in owner.text
    async with shop.app.database.read() as tx:
        assert [one.on_hand for one in await stock.read_skus(tx, ["MUG"])] == [7]
    assert "Counted: spring" in (await owner.get("/console/stock/item?sku=MUG")).text


@pytest.mark.parametrize("kind", ["items", "stock", HOSTILE])
async def test_hostile_content_is_inert(owner: Browser, kind: str) -> None:
    cell = HOSTILE.replace('"', '""')
    for csv in (f'sku,name,price,weight_grams\n"{cell}","{cell}",1,1\n', f'sku,location,on_hand\nMUG,"{cell}",1\n'):
        answer = await _look_at(owner, csv, kind, name=HOSTILE)
        assert answer.status_code < 500
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
