"""Items carry their most frequent description and price and an invented, stable weight."""

from doorstep.rehearsal.recording.items import RecordedItem, recorded_items
from tests.unit.rehearsal.a_recording import a_line


def test_the_most_frequent_description_and_price_win_and_ties_go_to_the_first_in_order() -> None:
    (item,) = recorded_items(
        [
            a_line(unit_price_minor=300, description=""),
            a_line(unit_price_minor=300, description=""),
            a_line(unit_price_minor=250, description="MUG, BLUE"),
            a_line(unit_price_minor=250, description="BLUE MUG"),
        ]
    )
    assert (item.description, item.price_minor) == ("BLUE MUG", 250)


def test_an_item_without_any_description_is_called_by_its_code() -> None:
    assert recorded_items([a_line(description="")])[0].description == "10001"


def test_weights_are_plausible_and_the_same_in_every_run() -> None:
    items = recorded_items(a_line(sku=str(10000 + n)) for n in range(300))
    assert all(150 <= item.weight_grams <= 800 for item in items)
    assert items[1] == RecordedItem("10001", "BLUE MUG", 250, 700)
