"""A sentence is put into the shopper's language, its sums and days too."""

from datetime import date

import pytest

from doorstep.kernel.money import Money
from doorstep.kernel.phrase import phrase
from doorstep.plan.records import Store
from doorstep.web.language import Language, spoken

_DE = Language("de", "DE", "Europe/Berlin")
_STORE = Store(name="Tee", country="DE", currency="EUR", languages=("fr", "de-CH", "en"))


def test_sums_and_numbers_are_written_as_the_language_writes_them() -> None:
    free = phrase("free, because the goods come to {least} or more", least=Money(123456, "EUR"))
    heavy = phrase("{weight} g, up to {most} g", weight=1200, most=2000)
    assert _DE.sentence(free) == "kostenlos, weil die Waren mindestens 1.234,56\xa0€ kosten"
    assert (_DE.sentence(heavy), str(heavy)) == ("1.200 g, bis 2.000 g", "1200 g, up to 2000 g")


def test_days_are_written_as_the_language_writes_them() -> None:
    assert _DE.sentence(phrase("{day}", day=date(2026, 12, 24))) == "24.12.2026"


def test_a_phrase_within_a_phrase_is_translated_too() -> None:
    inner = phrase("The cart is empty.")
    assert _DE.sentence(phrase("{inner} {sku}", inner=inner, sku="A")) == "Der Warenkorb ist leer. A"
    assert str(phrase("{inner} {sku}", inner=inner, sku="A")) == "The cart is empty. A"


def test_what_fills_a_sentence_in_is_no_text_to_be_filled_in() -> None:
    odd = phrase("There is no item {sku}.", sku="{most} %(x)s {0.__class__}")
    assert _DE.sentence(odd) == "Es gibt keinen Artikel {most} %(x)s {0.__class__}."


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("de", "de-DE"),
        ("de-AT", "de-AT"),
        ("en-GB", "en-GB"),
        ("DE-Latn-ch", "de-CH"),
        ("en-1606nict", "en-DE"),
        ("tlh", "de-DE"),
        ("de-ZZ", "de-DE"),
    ],
)
def test_a_locale_is_spoken_or_the_stores_first_language_is(locale: str, tag: str) -> None:
    assert spoken(locale, _STORE).tag == tag
