"""The languages that pages and the API speak: gettext catalogs, and how each writes numbers, money and times."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from doorstep.kernel.money import exponent
from doorstep.kernel.phrase import Phrase
from doorstep.plan.records import Store
from doorstep.web.labels import LABELS

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""The languages there are, by the code of their catalog, each in its own words."""

_TEXTS = Path(__file__).parent / "texts"


class Language:
    """One language, as a store in a country and a time zone uses it."""

    def __init__(self, code: str, country: str, time_zone: str) -> None:
        self.code = code
        self.zone = ZoneInfo(time_zone)
        self.locale = _locale(code, country)

    @property
    def tag(self) -> str:
        """The locale as browsers name it."""
        return str(self.locale).replace("_", "-")

    @cached_property
    def texts(self) -> NullTranslations:
        """The catalog."""
        return _catalog(self.code)

    def __call__(self, text: str, **values: object) -> str:
        """A text in this language, its `{names}` filled in."""
        return self.texts.gettext(text).format(**values) if values else self.texts.gettext(text)

    def sentence(self, phrase: Phrase) -> str:
        """A sentence in this language: its numbers, sums and days as people here write them."""
        text = self.texts.gettext(phrase.text)
        if "{" not in text:
            return text
        filled: dict[str, str] = {
            name: value if isinstance(value, str) else self.whole(value) for name, value in phrase.values.items()
        }
        filled |= {name: self.money(*amount) for name, amount in phrase.money.items()}
        filled |= {name: self.day_of(day) for name, day in phrase.days.items()}
        filled |= {name: self.country(code) for name, code in phrase.countries.items()}
        filled |= {name: self.sentence(part) for name, part in phrase.parts.items()}
        return text.format_map(filled)

    def country(self, code: str) -> str:
        """The name of a country; its code when it has none."""
        name: str = self.locale.territories.get(code, code)
        return name

    def label(self, word: str) -> str:
        """What people read in place of a word that programs use."""
        return self(LABELS[word]) if word in LABELS else word.replace("_", " ")

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """The text for a count; `{count}` is written as this language writes numbers."""
        return self.texts.ngettext(one, many, count).format(count=self.number(count), **values)

    def number(self, value: float) -> str:
        """A number."""
        return format_decimal(value, locale=self.locale)

    def whole(self, value: int) -> str:
        """A whole number."""
        return _whole(value, str(self.locale))

    def percent(self, share: float | None) -> str:
        """A share of one as a percentage, to a tenth; a dash when there is nothing to share."""
        pattern = self.locale.percent_formats[None].pattern.replace("#,##0", "#,##0.#")
        return "–" if share is None else format_percent(share, format=pattern, locale=self.locale)

    def money(self, minor: int, currency: str) -> str:
        """An amount of minor units."""
        return _money(minor, currency, str(self.locale))

    def local(self, moment: datetime) -> datetime:
        """A moment by the store's clocks."""
        return moment.astimezone(self.zone)

    def full(self, moment: datetime) -> str:
        """A moment with everything, the zone too."""
        return format_datetime(moment, "full", tzinfo=self.zone, locale=self.locale)

    def short(self, moment: datetime, now: datetime) -> str:
        """A moment as briefly as it can be told from others: the time today, the day and the time otherwise."""
        here, today = self.local(moment), self.local(now)
        clock = format_time(here, "short", tzinfo=self.zone, locale=self.locale)
        if here.date() == today.date():
            return clock
        parts = "MMMd" if here.year == today.year else "yMMMd"
        day = format_skeleton(parts, here, tzinfo=self.zone, locale=self.locale)
        return f"{day}, {clock}"

    def day_and_time(self, moment: datetime) -> str:
        """The day and the time of a moment."""
        return format_datetime(moment, "medium", tzinfo=self.zone, locale=self.locale).rsplit(":", 1)[0]

    def day(self, moment: datetime) -> str:
        """The day of a moment."""
        return format_date(self.local(moment).date(), "medium", locale=self.locale)

    def day_of(self, day: date) -> str:
        """A day of the calendar."""
        return _day(day, str(self.locale))

    def duration(self, minutes: float) -> str:
        """How long something took, to a tenth of what it is told in: minutes, hours up to three days, then days."""
        for unit, length, most in (("minute", 1, 90), ("hour", 60, 72 * 60)):
            if minutes < most:
                return format_unit(round(minutes / length, 1), f"duration-{unit}", "short", locale=self.locale)
        return format_unit(round(minutes / 1440, 1), "duration-day", "short", locale=self.locale)

    def span(self, seconds: float) -> str:
        """How long something takes, in its largest unit; the direction is not told."""
        return format_timedelta(timedelta(seconds=abs(seconds)), threshold=1.2, format="narrow", locale=self.locale)


def chosen(accepted: str, preferred: str = "") -> str:
    """The language to speak: the one that a person chose, else the first that the browser accepts and there is."""
    if preferred in LANGUAGES:
        return preferred
    wished = []
    for position, part in enumerate(accepted[:200].split(",")):
        tag, _, weight = part.partition(";q=")
        quality = weight.strip() if weight.strip().replace(".", "", 1).isdecimal() else "1"
        wished.append((-float(quality), position, tag.strip().lower().partition("-")[0]))
    return next((code for _, _, code in sorted(wished) if code in LANGUAGES), "en")


def spoken(locale: str, store: Store) -> Language:
    """The language of a shopper's locale as that store uses it; when there is none, the store's first that there is."""
    code, _, rest = locale.lower().partition("-")
    region = rest.rpartition("-")[2].upper()
    if code not in LANGUAGES:
        named = (one.lower().partition("-")[0] for one in store.languages)
        code, region = next((one for one in named if one in LANGUAGES), "en"), ""
    return _spoken(code, region if len(region) == 2 else store.country, store.time_zone)


def utc_day(day: datetime) -> str:
    """A day as programs write it."""
    return day.astimezone(UTC).date().isoformat()


@lru_cache(maxsize=4096)
def _money(minor: int, currency: str, locale: str) -> str:
    return format_currency(Decimal(minor).scaleb(-exponent(currency)), currency, locale=locale)


@lru_cache(maxsize=1024)
def _whole(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=1024)
def _spoken(code: str, country: str, time_zone: str) -> Language:
    return Language(code, country, time_zone)


@lru_cache(maxsize=1024)
def _day(day: date, locale: str) -> str:
    return format_date(day, "medium", locale=locale)


def _locale(code: str, country: str) -> Locale:
    try:
        return Locale.parse(f"{code}_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale(code)


@lru_cache
def _catalog(code: str) -> NullTranslations:
    """A catalog, read from its text; the language that texts are written in needs none."""
    path = _TEXTS / f"{code}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
