"""The sandbox tax engine does what the postcode says."""

import pytest
from msgspec.structs import replace

from doorstep.plug.tax import TaxedLine, TaxPlace, TaxRequest, TaxVerdict
from doorstep.providers.sandbox_tax import SandboxTax, tax_script_of

REQUEST = TaxRequest(
    key="key",
    currency="USD",
    prices_include_tax=False,
    origin=TaxPlace("US"),
    destination=TaxPlace("US", postcode="95113"),
    lines=(TaxedLine(1, "TEA", "standard", 1, 1005),),
    delivery_minor=500,
)


@pytest.mark.parametrize(("postcode", "taxes"), [("95113", (101, 50)), ("95100", (0, 0)), ("95125", (251, 125))])
async def test_the_postcode_decides_the_rate(postcode: str, taxes: tuple[int, int]) -> None:
    outcome = await SandboxTax().quote(replace(REQUEST, destination=TaxPlace("US", postcode=postcode)))
    assert (outcome.lines[0].tax_minor, outcome.delivery_tax_minor) == taxes


async def test_it_can_be_closed() -> None:
    outcome = await SandboxTax().quote(replace(REQUEST, destination=TaxPlace("US", postcode="95199")))
    assert (outcome.verdict, outcome.lines) == (TaxVerdict.UNAVAILABLE, ())


async def test_tax_is_found_within_a_price() -> None:
    outcome = await SandboxTax().quote(replace(REQUEST, prices_include_tax=True))
    assert (outcome.lines[0].tax_minor, outcome.lines[0].rate) == (91, "0.10")


def test_it_can_be_slow() -> None:
    assert tax_script_of("95188 ").seconds > 5
