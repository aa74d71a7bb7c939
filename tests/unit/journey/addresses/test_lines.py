"""An address is written in the lines of its country."""

import pytest

from doorstep.journey.addresses.lines import formatted
from doorstep.journey.order import Address


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (Address("GB", "Ada", "1 Mill Lane", "Ely", "CB7 4AA"), "Ada|1 Mill Lane|ELY|CB7 4AA|UNITED KINGDOM"),
        (Address("DE", "Ada", "Weg 1\nHof", "Ulm", "89073", company="Tee"), "Ada|Tee|Weg 1|Hof|89073 ULM|GERMANY"),
        (Address("US", "Ada", "1 Main St", "Ely", "89301", "NV"), "Ada|1 Main St|ELY, NV 89301|UNITED STATES"),
        (Address("US", "Ada", "1 Main St", "Ely", "89301"), "Ada|1 Main St|ELY 89301|UNITED STATES"),
        (Address("US", "", "1 Main St", "", "", "NV"), "1 Main St|NV|UNITED STATES"),
        (Address("CH", "Ada", "Weg 1", "Bern", "3011"), "Ada|Weg 1|CH-3011 Bern|SWITZERLAND"),
        (Address("CH", "Ada", "Weg 1", "Bern"), "Ada|Weg 1|Bern|SWITZERLAND"),
        (Address("SG", "Ada", "1 Road", "", "018956"), "Ada|1 Road|SINGAPORE 018956|REP. OF SINGAPORE"),
        (Address("JP", "Ada", "1-1", "Chiyoda", "100-0001", "Tokyo"), "Ada|1-1|Chiyoda, TOKYO|100-0001|JAPAN"),
        (Address("HK", "Ada", "1 Road", "Central", "", "Kowloon"), "Ada|1 Road|Central|KOWLOON|HONG KONG"),
        (Address("XX", "Ada", "1 Road", "Town", "1"), "Ada|1 Road|1|Town|XX"),
    ],
)
def test_an_address_is_written_as_its_country_writes_it(address: Address, lines: str) -> None:
    assert formatted(address) == tuple(lines.split("|"))


def test_who_bought_receives_what_names_nobody_else() -> None:
    assert formatted(Address("GB", street="1 Mill Lane"), "Ada")[0] == "Ada"
