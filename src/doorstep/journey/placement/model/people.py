"""Who buys and where it goes: what is missing or wrong. Pure."""

from collections.abc import Iterable

from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.addresses import wrong_fields
from doorstep.journey.placement.model.problems import Problem, Severity
from doorstep.kernel.limits import EMAIL_CHARS_MAX, TEXT_CHARS_MAX
from doorstep.kernel.phrase import phrase


def buyer_problems(buyer: Buyer | None) -> Iterable[Problem]:
    if buyer is None or not buyer.email:
        yield Problem("field_missing", "buyer.email", Severity.BUYER_INPUT, phrase("An e-mail address is needed."))
    elif not _is_email(buyer.email):
        yield Problem("bad_email", "buyer.email", Severity.BUYER_INPUT, phrase("This is not an e-mail address."))


def _is_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    plain = text.isprintable() and not any(char in text for char in ' ,;<>"\\')
    return bool(local and at and "." in domain.strip(".")) and plain and len(text) <= EMAIL_CHARS_MAX


def address_problems(address: Address | None) -> Iterable[Problem]:
    if address is None:
        yield Problem("field_missing", "address", Severity.BUYER_INPUT, phrase("A delivery address is needed."))
        return
    fields = {"name": address.name, "street": address.street, "city": address.city}
    fields |= {"postcode": address.postcode, "region": address.region}
    for field, value in fields.items():
        if len(value) > TEXT_CHARS_MAX or not value.replace("\n", "").isprintable():
            message = phrase("At most {most} ordinary characters, please.", most=TEXT_CHARS_MAX)
            yield Problem("bad_field", f"address.{field}", Severity.BUYER_INPUT, message)
            return
    for field, reason in wrong_fields(address).items():
        yield Problem(
            f"field_{reason}",
            f"address.{field}",
            Severity.BUYER_INPUT,
            phrase("The {field} is {reason}.", field=field, reason=reason),
        )
