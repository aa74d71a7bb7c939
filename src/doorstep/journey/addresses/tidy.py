"""An address as it is kept: tidy, whatever was typed. Pure."""

from doorstep.journey.addresses.rules import plain_postcode, region_on_letters
from doorstep.journey.addresses.texts import code, lines, one_line
from doorstep.journey.order import Address


def tidied(address: Address) -> Address:
    """The same address with single spaces, composed letters, and codes in capitals.

    A region is written as the post of its country wants it on letters: California becomes CA.
    """
    country = code(address.country)
    return Address(
        country=country,
        name=one_line(address.name),
        street=lines(address.street),
        city=one_line(address.city),
        postcode=plain_postcode(country, code(address.postcode)) if address.postcode else "",
        region=region_on_letters(country, one_line(address.region)) if address.region else "",
        company=one_line(address.company),
        phone=one_line(address.phone),
        instructions=lines(address.instructions),
        access_code=one_line(address.access_code),
    )
