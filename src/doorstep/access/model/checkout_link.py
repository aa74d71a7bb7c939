"""The link that opens a checkout in another browser: signed, and it does not tell the checkout's own id. Pure.

The id of a checkout opens it for good, so the link names it by the id of the order that it can become, which is a hash
of it; who has only that cannot find the way back.
"""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import OrderId

CHECKOUT_LINKS = "checkout_links"
_MAC_BYTES = 16
_PARTS = 3


def link_token(secret: str, order_id: OrderId, expires_at: datetime) -> str:
    """The token of a link: what names the checkout, when it ends, and 128 bits that only `secret` can make."""
    name, ends = order_id.removeprefix("ord_"), f"{int(expires_at.timestamp()):x}"
    return f"{name}.{ends}.{_mac(secret, name, ends)}"


def read_link(secret: str, token: str, now: datetime) -> OrderId:
    """The order that the checkout of a token can become; Missing when it was not made here or has expired."""
    parts = token.split(".")
    if len(parts) != _PARTS or not token.isascii():
        raise _unknown()
    name, ends, mac = parts
    if not compare_digest(mac, _mac(secret, name, ends)):
        raise _unknown()
    if int(ends, 16) <= now.timestamp():
        raise Missing("link_expired", "This link to the checkout has expired.")
    return OrderId(f"ord_{name}")


def _unknown() -> Missing:
    return Missing("link_unknown", "This link opens no checkout. Please check that it was copied in full.")


def _mac(secret: str, name: str, ends: str) -> str:
    made = hmac(secret.encode(), f"checkout link\0{name}\0{ends}".encode(), sha256).digest()
    return urlsafe_b64encode(made[:_MAC_BYTES]).decode().rstrip("=")
