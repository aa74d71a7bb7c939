"""Tax numbers of buyers: what each country calls them, and which are well formed. Pure.

Formats and checksums are those that python-stdnum has; whether a number is in use is not asked.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from stdnum.ar import cuit
from stdnum.au import abn
from stdnum.br import cnpj, cpf
from stdnum.ca import bn
from stdnum.ch import uid
from stdnum.cl import rut
from stdnum.cn import ric, uscc
from stdnum.co import nit
from stdnum.gb import vat as gb_vat
from stdnum.id import npwp
from stdnum.il import hp, idnr
from stdnum.in_ import gstin, pan
from stdnum.jp import cn as jp_cn
from stdnum.kr import brn, rrn
from stdnum.mx import curp, rfc
from stdnum.no import mva, orgnr
from stdnum.nz import ird
from stdnum.pe import ruc
from stdnum.tr import tckimlik, vkn
from stdnum.tw import ubn
from stdnum.us import ein, ssn
from stdnum.za import idnr as za_idnr
from stdnum.za import tin as za_tin

from doorstep.journey.placement.model.problems import Field, Problem, Severity
from doorstep.journey.placement.model.vat import EU, number_country
from doorstep.kernel.phrase import Country, Phrase, phrase

_CHARS_MAX = 40
_PATH = "buyer.tax_id"


class TaxId(Struct, frozen=True):
    """The tax number of a country: what its people call it, one that is well formed, and how that is known."""

    label: Phrase
    example: str
    checks: tuple[Callable[[str], bool], ...] = ()


_VAT = phrase("VAT number")
_KINDS: Mapping[str, TaxId] = {
    "AR": TaxId(phrase("CUIT or CUIL"), "20-05536168-2", (cuit.is_valid,)),
    "AU": TaxId(phrase("ABN"), "83 914 571 673", (abn.is_valid,)),
    "BR": TaxId(phrase("CPF or CNPJ"), "390.533.447-05", (cpf.is_valid, cnpj.is_valid)),
    "CA": TaxId(phrase("Business number"), "12302 6635", (bn.is_valid,)),
    "CH": TaxId(phrase("UID"), "CHE-100.155.212", (uid.is_valid,)),
    "CL": TaxId(phrase("RUT"), "12.531.909-2", (rut.is_valid,)),
    "CN": TaxId(phrase("Identity or credit code"), "360426199101010071", (ric.is_valid, uscc.is_valid)),
    "CO": TaxId(phrase("NIT"), "213.123.432-1", (nit.is_valid,)),
    "GB": TaxId(_VAT, "GB 980 7806 84", (gb_vat.is_valid,)),
    "ID": TaxId(phrase("NPWP"), "01.312.166.0-091.000", (npwp.is_valid,)),
    "IL": TaxId(phrase("Identity or company number"), "516179157", (idnr.is_valid, hp.is_valid)),
    "IN": TaxId(phrase("PAN or GSTIN"), "27AAPFU0939F1ZV", (pan.is_valid, gstin.is_valid)),
    "JP": TaxId(phrase("Corporate number"), "5-8356-7825-6246", (jp_cn.is_valid,)),
    "KR": TaxId(phrase("Registration number"), "116-82-00276", (brn.is_valid, rrn.is_valid)),
    "MX": TaxId(phrase("RFC or CURP"), "GODE561231GR8", (rfc.is_valid, curp.is_valid)),
    "NO": TaxId(phrase("Organization number"), "988 077 917", (orgnr.is_valid, mva.is_valid)),
    "NZ": TaxId(phrase("IRD number"), "49-091-850", (ird.is_valid,)),
    "PE": TaxId(phrase("RUC"), "20512333797", (ruc.is_valid,)),
    "TR": TaxId(phrase("Tax or identity number"), "17291716060", (vkn.is_valid, tckimlik.is_valid)),
    "TW": TaxId(phrase("Business number"), "00501503", (ubn.is_valid,)),
    "US": TaxId(phrase("EIN or SSN"), "91-1144442", (ein.is_valid, ssn.is_valid)),
    "ZA": TaxId(phrase("Tax or identity number"), "0001339050", (za_tin.is_valid, za_idnr.is_valid)),
}
_ELSEWHERE = TaxId(phrase("Tax number or EORI"), "")
_EXAMPLES = {"AT": "ATU13585627", "FR": "FR83404833048", "NL": "NL004495445B01", "IE": "IE6433435F"}


def tax_id_of(country: str) -> TaxId:
    """What a country's tax number is; nothing is checked where that is not known."""
    if country in EU:
        return TaxId(
            _VAT, _EXAMPLES.get(country, "DE136695976"), (lambda number: bool(number_country(number, country)),)
        )
    return _KINDS.get(country, _ELSEWHERE)


def is_tax_id(number: str, country: str) -> bool:
    """Whether a number is well formed for its country, as far as that is known."""
    checks = tax_id_of(country).checks
    return len(number) <= _CHARS_MAX and (not checks or any(check(number) for check in checks))


def customs_problems(number: str, country: str) -> Iterable[Problem]:
    """What is missing or wrong where customs ask for the buyer's number."""
    asked = tax_id_of(country)
    field = Field("tax_id", asked.label, asked.example)
    if not number:
        said = phrase(
            "{label} is missing: customs of {country} ask for it.", label=asked.label, country=Country(country)
        )
        yield Problem("field_missing", _PATH, Severity.BUYER_INPUT, said, field=field)
    elif not is_tax_id(number, country):
        said = phrase(
            "{label}: {number} is not one that {country} gives.",
            label=asked.label,
            number=number[:_CHARS_MAX],
            country=Country(country),
        )
        yield Problem("bad_tax_id", _PATH, Severity.BUYER_INPUT, said, field=field)
