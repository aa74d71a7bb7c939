"""Phone numbers as each country has them: Google's phone metadata (phonenumberslite). Pure."""

from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number,
    example_number_for_type,
    format_number,
    is_valid_number,
    parse,
)

_KEPT = 300
_CHARS_MAX = 40


def e164(text: str, country: str) -> str:
    """A phone number by ITU-T E.164, such as +442079460000; empty when it is none.

    Without the code of a country it is one of the country given.
    """
    if len(text) > _CHARS_MAX:
        return ""
    try:
        number = parse(text, country or None)
    except NumberParseException:
        return ""
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) and not number.extension else ""


def national_digits(number: str) -> str:
    """The digits that people of its own country dial, of a number in E.164; nothing when it is in no such form."""
    try:
        parsed = parse(number, None)
    except NumberParseException:
        return ""
    return "".join(filter(str.isdecimal, format_number(parsed, PhoneNumberFormat.NATIONAL)))


@lru_cache(_KEPT)
def example_phone(country: str) -> str:
    """A mobile number of a country as it is written abroad; empty when none is known."""
    found = example_number_for_type(country, PhoneNumberType.MOBILE) or example_number(country)
    return format_number(found, PhoneNumberFormat.INTERNATIONAL) if found else ""
