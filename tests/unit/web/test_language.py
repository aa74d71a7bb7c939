"""Each language writes numbers, money and times as its people do, and the browser's wish is heard."""

from datetime import UTC, datetime

import pytest

from doorstep.web.language import Language, chosen

_NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
_EN, _DE = Language("en", "GB", "Europe/London"), Language("de", "DE", "Europe/Berlin")


@pytest.mark.parametrize(
    ("accepted", "preferred", "code"),
    [
        ("de-AT,en;q=0.5", "", "de"),
        ("fr,de;q=0.2,en;q=0.9", "", "en"),
        ("fr", "", "en"),
        ("", "", "en"),
        ("de", "en", "en"),
        ("de;q=x, ;;,,", "", "de"),
        ("de" * 5000, "xx", "en"),
    ],
)
def test_the_language_is_the_one_that_is_wished_and_there(accepted: str, preferred: str, code: str) -> None:
    assert chosen(accepted, preferred) == code


def test_money_is_written_as_the_country_writes_it() -> None:
    assert (_EN.money(123456, "GBP"), _DE.money(123456, "EUR")) == ("£1,234.56", "1.234,56\xa0€")


def test_money_without_a_minor_unit_has_no_decimals() -> None:
    assert _EN.money(1200, "JPY") == "JP¥1,200"


def test_a_time_of_today_is_told_by_the_clock_of_the_store() -> None:
    assert (_EN.short(_NOW, _NOW), _DE.short(_NOW, _NOW)) == ("13:00", "14:00")


def test_a_time_of_another_year_names_it() -> None:
    assert _EN.short(datetime(2025, 12, 31, 23, 30, tzinfo=UTC), _NOW) == "31 Dec 2025, 23:30"


def test_a_share_is_a_percentage_and_no_share_is_a_dash() -> None:
    assert (_EN.percent(0.9876), _DE.percent(0.9876), _EN.percent(None)) == ("98.8%", "98,8\xa0%", "–")


def test_a_country_that_does_not_speak_the_language_gives_the_language_alone() -> None:
    assert Language("de", "JP", "Asia/Tokyo").money(100, "EUR") == "1,00\xa0€"
