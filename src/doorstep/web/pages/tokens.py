"""Cookies, and the tokens by which a form proves that it comes from a page of ours in the same browser."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from secrets import token_bytes

import msgspec

from doorstep.web.pages.page import Said
from doorstep.web.respond import HttpError

_MASK_BYTES = 32
_SAID_CHARS_MAX = 1_500
_said = msgspec.json.Decoder(tuple[Said, ...])
Header = tuple[bytes, bytes]


class Cookies:
    """The cookies of this site. Behind TLS their names pin them to this host and to TLS (RFC 6265bis, `__Host-`)."""

    def __init__(self, *, is_secure: bool) -> None:
        self._prefix = "__Host-" if is_secure else ""
        self._flags = "; Path=/; HttpOnly" + ("; Secure" if is_secure else "")

    def read(self, headers: Mapping[bytes, bytes], name: str) -> str:
        """The value of a cookie, or nothing."""
        try:
            jar = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
        except CookieError:
            return ""
        found = jar.get(f"{self._prefix}doorstep_{name}")
        return found.value if found else ""

    def set(self, name: str, value: str, *, same_site: str = "Lax", days: int = 0) -> Header:
        """A cookie for some days, or without them for as long as the browser is open."""
        lasts = f"; Max-Age={days * 86_400}" if days else ""
        cookie = f"{self._prefix}doorstep_{name}={value}{self._flags}{lasts}; SameSite={same_site}"
        return b"set-cookie", cookie.encode()

    def forget(self, name: str) -> Header:
        """No such cookie any more."""
        return b"set-cookie", f"{self._prefix}doorstep_{name}={self._flags}; Max-Age=0; SameSite=Lax".encode()


def form_token(secret: str) -> str:
    """A token for one form. It looks different each time, so that packed answers give nothing of it away (BREACH)."""
    mask = token_bytes(_MASK_BYTES)
    return urlsafe_b64encode(mask + _mixed(mask, _proof(secret))).decode()


def check_form(headers: Mapping[bytes, bytes], own_host: bytes, secret: str, token: str) -> None:
    """Refused unless a form was sent by a page of this site in the browser that holds the secret."""
    origin, site = headers.get(b"origin", b""), headers.get(b"sec-fetch-site", b"same-origin")
    from_here = origin in (b"", b"null") or origin.partition(b"://")[2] == own_host
    if not secret or not from_here or site not in (b"same-origin", b"none") or not _is_token(secret, token):
        raise HttpError(
            403, "form_not_ours", "This form was not sent, because it is too old or not ours. Reload the page first."
        )


def pack_said(said: Iterable[Said]) -> str:
    """Sentences for the next page, as a cookie holds them."""
    text = urlsafe_b64encode(msgspec.json.encode(tuple(said))).decode().rstrip("=")
    return text if len(text) <= _SAID_CHARS_MAX else ""


def unpack_said(text: str) -> tuple[Said, ...]:
    """The sentences of a cookie; none when it is not ours."""
    try:
        return _said.decode(urlsafe_b64decode(text[:_SAID_CHARS_MAX] + "=" * (-len(text) % 4))) if text else ()
    except (NotBase64, ValueError, msgspec.DecodeError):
        return ()


def _proof(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"form", sha256)


def _mixed(mask: bytes, proof: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, proof, strict=True))


def _is_token(secret: str, token: str) -> bool:
    try:
        raw = urlsafe_b64decode(token[:200])
    except (NotBase64, ValueError):
        return False
    if len(raw) != 2 * _MASK_BYTES:
        return False
    return hmac.compare_digest(_mixed(raw[:_MASK_BYTES], raw[_MASK_BYTES:]), _proof(secret))
