"""A sentence for people that is put into their language where it is shown: its English text, and what fills it in."""

from datetime import date

from msgspec import Struct

from doorstep.kernel.money import Money


class Country(Struct, frozen=True):
    """A country by its ISO 3166-1 alpha-2 code, for a sentence: there it has its name in the reader's language."""

    code: str


class Phrase(Struct, frozen=True, omit_defaults=True):
    """A text with names in braces, and by these names words and numbers, money as (minor units, currency), days,
    countries, and other phrases, such as what a field is called.
    """

    text: str
    values: dict[str, str | int] = {}
    money: dict[str, tuple[int, str]] = {}
    days: dict[str, date] = {}
    countries: dict[str, str] = {}
    parts: dict[str, "Phrase"] = {}

    def __str__(self) -> str:
        """The sentence in English, with plain amounts and days, and countries by their codes."""
        if "{" not in self.text:
            return self.text
        sums = {name: str(Money(*amount)) for name, amount in self.money.items()}
        return self.text.format(**self.values, **sums, **self.days, **self.countries, **self.parts)


def phrase(text: str, **values: "str | int | Money | date | Country | Phrase") -> Phrase:
    """A sentence. The text is a literal, so that it is found for the catalogs; `values` fill in its names."""
    return Phrase(
        text,
        {name: value for name, value in values.items() if isinstance(value, str | int)},
        {name: (value.minor, value.currency) for name, value in values.items() if isinstance(value, Money)},
        {name: value for name, value in values.items() if isinstance(value, date)},
        {name: value.code for name, value in values.items() if isinstance(value, Country)},
        {name: value for name, value in values.items() if isinstance(value, Phrase)},
    )
