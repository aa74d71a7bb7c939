"""PO boxes and parcel lockers, as addresses name them in the languages of most posts. Pure."""

import re

_NUMBER = r"[\s.:#-]*(?:n[ro°º.]*\s*|№\s*)?\d"
_WITH_NUMBER = (
    r"b\.?\s?p\.?",  # boîte postale
    r"c\.?\s?p\.?",  # caixa postal, casella postale
    r"apartado|apdo\.?|apto\.? postal",
    r"casilla|casillero",
    r"postfach|pf\.?|post\s?box|post-box",
    r"postbus|postboks|postbox|pb\.?",
    r"box",
    r"p\.?\s?l\.?",  # postilokero
    r"pk\.?|p\.\s?k\.",  # posta kutusu
    r"skr(?:ytka|\.)?(?:\s*poczt(?:owa|\.)?)?",
    r"а/я|абонентский ящик|п/с|поштова скринька",
    r"τ\.?\s?θ\.?",
    r"ת\.?\s?ד\.?",
    r"ص\.?\s?ب\.?|صندوق بريد",
)
_ANYWHERE = (
    r"\bp\.?\s?o\.?\s?b\.?(?:ox)?\s*[\d#:-]",
    r"\bp\.?\s?o\.?[\s-]?box\b",
    r"\bpost\s?office\s?box\b",
    r"\b(?:gpo|locked|private)\s+(?:box|bag)\b",
    r"\bbo[iî]te\s+postale\b",
    r"\bapartado\s+(?:de\s+correos|postal|a[eé]reo)\b",
    r"\bcasilla\s+(?:de\s+correos?|postal)\b",
    r"\bcaixa\s+postal\b|\bcasella\s+postale\b|\bc[aă]su[tț][aă]\s+po[sș]tal[aă]\b",
    r"\bpostfach\b|\bpackstation\b|\bpostfiliale\b|\bpaketbox\b",
    r"\bpostilokero\b|\bposta\s+kutusu\b|\bskrytka\s+pocztowa\b",
    r"\bparcel\s?locker\b|\bamazon\s+locker\b|\bpaczkomat\b",
    r"私書箱|邮政信箱|郵政信箱|사서함",
)
_BOX = re.compile("|".join((*_ANYWHERE, rf"^(?:{'|'.join(_WITH_NUMBER)}){_NUMBER}")), re.IGNORECASE | re.MULTILINE)


def is_po_box(street: str) -> bool:
    """Whether a line of the street names a PO box or a parcel locker, to which not every courier delivers.

    Short words such as "Box 12" or "BP 40" count at the beginning of a line only: "1 Box Hill" is a street.
    """
    return _BOX.search(street) is not None
