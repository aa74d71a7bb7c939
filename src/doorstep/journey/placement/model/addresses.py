"""What is missing or wrong in the addresses of a checkout. Pure."""

from collections.abc import Iterable

from doorstep.journey.addresses.faults import Fault, faults
from doorstep.journey.addresses.fields import AddressField
from doorstep.journey.order import Address
from doorstep.journey.placement.model.problems import Field, Option, Problem, Severity
from doorstep.kernel.phrase import Country, phrase


def delivery_problems(address: Address | None, buyer_name: str = "") -> Iterable[Problem]:
    """What keeps the goods from being brought to an address; who buys receives them if it names nobody else."""
    if address is None:
        said = phrase("A delivery address is needed.")
        yield Problem(
            "field_missing", "address", Severity.BUYER_INPUT, said, field=Field("address", phrase("Delivery address"))
        )
    else:
        yield from (_problem(fault, "address") for fault in faults(address, buyer_name))


def billing_problems(address: Address | None, buyer_name: str = "") -> Iterable[Problem]:
    """What is wrong with the address of the bill, if it is apart from where the goods go."""
    return (_problem(fault, "billing_address") for fault in (faults(address, buyer_name) if address else ()))


def asked(field: AddressField) -> Field:
    """A field of an address as it is asked for. Countries are told by their names."""
    return Field(
        field.name, field.label, field.example, tuple(_option(field.name, one.key, one.name) for one in field.choices)
    )


def _option(field: str, key: str, name: str) -> Option:
    return Option(key, phrase("{name}", name=Country(key) if field == "country" else name))


def _problem(fault: Fault, path: str) -> Problem:
    where = f"{path}.{fault.field.name}"
    return Problem(fault.kind, where, Severity.BUYER_INPUT, fault.message, field=asked(fault.field))
