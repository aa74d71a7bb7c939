"""A plan to spoil, and what the loader finds in it."""

import pytest

from doorstep.plan.findings import Finding, PlanInvalid
from doorstep.plan.load import load_plan

PLAN = """\
[store]
name = "Mill Lane Tea"
country = "GB"
currency = "GBP"
[locations.main]
cut_off = "14:00"
[stock]
hold_minutes = 20
[tax]
rates = [
  { country = "GB", rate = "0.20" },
  { country = "DE", rate = "0.19" },
]
[payment.methods.card]
provider = "sandbox"
[shipping.zones.home]
countries = ["GB"]
[shipping.zones.world]
[shipping.services.standard.rates.home]
price = "4.95"
[shipping.services.standard.rates.world]
bands = [
  { weight_grams_max = 2000, price = "9.00" },
  { weight_grams_max = 5000, price = "19.00" },
]
"""


def spoiled(old: str, new: str) -> str:
    """The plan with one part changed."""
    assert PLAN.count(old) == 1, f"{old!r} must name one place"
    return PLAN.replace(old, new)


def findings_in(text: str) -> tuple[Finding, ...]:
    """What is wrong with a text."""
    with pytest.raises(PlanInvalid) as caught:
        load_plan(text, "plan.toml")
    return caught.value.findings


def only_finding_in(text: str) -> Finding:
    """The one thing that is wrong with a text."""
    (finding,) = findings_in(text)
    return finding
