"""The closed lists of words that a plan may use, and what was probably meant by a word that is not on them."""

from functools import cache
from itertools import chain
from zoneinfo import available_timezones

from babel import Locale, localedata
from babel.numbers import list_currencies

from doorstep.kernel.errors import Refused
from doorstep.kernel.money import exponent
from doorstep.plan.findings import nearest
from doorstep.plan.records import Confirmation

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

NOTICES = Confirmation().notices
"""Every notice there is: by default all are sent."""

# ISO 3166-1 alpha-2, officially assigned codes.
_COUNTRY_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRY_CODES.split())
_OTHER_COUNTRY_CODES = {"UK": "GB", "EL": "GR", "ENGLAND": "GB", "SCOTLAND": "GB", "WALES": "GB", "USA": "US"}


def meant_country(word: str) -> str:
    """The code that was probably meant: by another code, by its English name, or nothing."""
    upper = word.upper()
    if upper in COUNTRIES:
        return upper
    if upper in _OTHER_COUNTRY_CODES:
        return _OTHER_COUNTRY_CODES[upper]
    codes = _codes_by_country_name()
    return codes.get(nearest(word, codes), "") if len(word) > len("GB") else ""


def is_currency(word: str) -> bool:
    """Whether a word is a currency code that money can be counted in."""
    try:
        exponent(word)
    except Refused:
        return False
    return True


def meant_currency(word: str) -> str:
    """The currency code that was probably meant: its letters in another order, or a longer or wrong ending."""
    codes = [code for code in sorted(list_currencies()) if is_currency(code)]
    letters = sorted(word.upper())
    same_letters = (code for code in codes if sorted(code) == letters)
    longer = (code for code in codes if word.upper().startswith(code))
    same_country = (code for code in codes if len(word) == len(code) and word.upper().startswith(code[:2]))
    return next(chain(same_letters, longer, same_country), "")


def meant_weekday(word: str) -> str:
    """The weekday that a longer or capitalized word means."""
    return next((day for day in WEEKDAYS if word.casefold().startswith(day)), "") or nearest(word, WEEKDAYS)


@cache
def time_zones() -> frozenset[str]:
    """The names of the IANA time zone database."""
    return frozenset(available_timezones())


@cache
def languages() -> frozenset[str]:
    """The language tags that dates and numbers can be written in, such as "en" and "pt-BR"."""
    return frozenset(name.replace("_", "-") for name in localedata.locale_identifiers())


@cache
def _codes_by_country_name() -> dict[str, str]:
    return {name: code for code, name in Locale.parse("en").territories.items() if code in COUNTRIES}
