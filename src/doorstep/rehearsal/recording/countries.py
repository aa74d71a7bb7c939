"""The recorded country names as ISO 3166-1 alpha-2 codes, one by one."""

from doorstep.kernel.errors import Refused

STORE_COUNTRY = "GB"

ASSUMED = frozenset(("European Community", "Unspecified"))
"""Names that are no country. Their orders are delivered within the store's own country; a report says how many."""

_CODES = {
    **dict.fromkeys(ASSUMED, STORE_COUNTRY),
    "Australia": "AU",
    "Austria": "AT",
    "Bahrain": "BH",
    "Belgium": "BE",
    "Brazil": "BR",
    "Canada": "CA",
    "Channel Islands": "JE",  # ISO has Jersey and Guernsey and no code for both; Jersey has the more people
    "Cyprus": "CY",
    "Czech Republic": "CZ",
    "Denmark": "DK",
    "EIRE": "IE",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hong Kong": "HK",
    "Iceland": "IS",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Lebanon": "LB",
    "Lithuania": "LT",
    "Malta": "MT",
    "Netherlands": "NL",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "RSA": "ZA",
    "Saudi Arabia": "SA",
    "Singapore": "SG",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "USA": "US",
    "United Arab Emirates": "AE",
    "United Kingdom": "GB",
}


def is_known_country(name: str) -> bool:
    """Whether a recorded name is in the table."""
    return name in _CODES


def country_code(name: str) -> str:
    """ISO 3166-1 alpha-2 of a recorded name; Refused when the table does not have it."""
    try:
        return _CODES[name]
    except KeyError:
        raise Refused("unknown_country", f"{name!r} is not a country name of the recording.") from None
