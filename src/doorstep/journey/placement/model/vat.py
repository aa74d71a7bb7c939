"""VAT numbers of the EU: which are well formed, and which free a delivery from tax. Pure.

Format and checksum are those that each country publishes, as python-stdnum has them; whether a number is in use is not
asked. Deliveries to businesses of other member states are zero-rated by Article 138 of Directive 2006/112/EC.
"""

from collections.abc import Iterable
from functools import lru_cache

from stdnum.eu import vat

from doorstep.journey.placement.model.problems import Field, Problem, Severity
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.kernel.phrase import phrase
from doorstep.plan.records import Plan

EU = frozenset(code.upper() for code in vat.MEMBER_STATES) - {"XI"}
"""The member states, by ISO 3166. XI, Northern Ireland, has VAT numbers of its own and is no country."""

_KEPT = 4096
_GREECE = {"EL": "GR"}
_EXAMPLES = {"AT": "ATU13585627", "FR": "FR83404833048", "NL": "NL004495445B01", "IE": "IE6433435F"}
_EXAMPLE = "DE136695976"


def is_reverse_charge(wishes: Wishes, plan: Plan) -> bool:
    """Whether the buyer is a business of another member state than the store's, and so accounts for the tax itself."""
    country = _state_of(wishes, plan)
    number = wishes.buyer.tax_id if wishes.buyer else ""
    if not country or country == plan.store.country or not number:
        return False
    registered = number_country(number, country)
    return bool(registered) and registered != plan.store.country


def tax_id_problems(wishes: Wishes, plan: Plan) -> Iterable[Problem]:
    """What is wrong with the buyer's VAT number, where one can make a difference."""
    country = _state_of(wishes, plan)
    number = wishes.buyer.tax_id if wishes.buyer else ""
    if not country or not number or number_country(number, country):
        return
    example = _EXAMPLES.get(country, _EXAMPLE)
    message = phrase("{number} is not a VAT number. Leave it empty to buy as a private person.", number=number)
    field = Field("buyer.tax_id", phrase("VAT number"), example)
    yield Problem("bad_tax_id", "buyer.tax_id", Severity.BUYER_INPUT, message, field=field)


@lru_cache(_KEPT)
def number_country(number: str, country: str) -> str:
    """The country that gave a VAT number; it may lack its prefix when that country is the one given. Else nothing."""
    for written in (number, f"{country}{number}"):
        if vat.is_valid(written):
            prefix = vat.compact(written)[:2].upper()
            return _GREECE.get(prefix, prefix)
    return ""


def _state_of(wishes: Wishes, plan: Plan) -> str:
    """The member state that it goes to; nothing where VAT numbers change nothing."""
    country = wishes.address.country if wishes.address else ""
    is_within = plan.tax.zero_rate_business and plan.store.country in EU and country in EU
    return country if is_within else ""
