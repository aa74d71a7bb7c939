"""E-mail addresses that mail servers take: RFC 5321 with the restrictions that are usual in practice. Pure."""

import re

from doorstep.kernel.limits import EMAIL_CHARS_MAX

_LOCAL_CHARS_MAX = 64  # RFC 5321, section 4.5.3.1.1
_DOMAIN_CHARS_MAX = 253
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_IDNA_DOTS = re.compile("[.\u3002\uff0e\uff61]")


def is_email(text: str) -> bool:
    """Whether mail can be sent there: a dot-string of ASCII, and a domain, internationalized or not, of two labels.

    Quoted local parts and literal IP addresses are legal, but no shopper has one.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(text) > EMAIL_CHARS_MAX or len(local) > _LOCAL_CHARS_MAX:
        return False
    return all(_ATOM.fullmatch(atom) for atom in local.split(".")) and _is_domain(domain)


def _is_domain(domain: str) -> bool:
    try:
        labels = [_ascii(label) for label in _IDNA_DOTS.split(domain)]
    except UnicodeError:
        return False
    if len(labels) < 2 or sum(map(len, labels)) + len(labels) > _DOMAIN_CHARS_MAX:
        return False
    return all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdecimal()


def _ascii(label: str) -> str:
    return label if label.isascii() else label.encode("idna").decode("ascii")
