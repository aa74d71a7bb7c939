"""The link by which a customer sees one order: signed, so that nothing about it has to be kept. Pure."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from doorstep.kernel.errors import NotAllowed
from doorstep.kernel.ids import OrderId

SECRET_NAME = "order_links"  # noqa: S105 - the name of a secret
_MAC_BYTES = 16
_PARTS = 3


def link_token(secret: str, order_id: OrderId, expires_at: datetime) -> str:
    """The token of an order's link: the order, when it ends, and 128 bits that only `secret` can make."""
    ends = f"{int(expires_at.timestamp()):x}"
    name = order_id.removeprefix("ord_")
    return f"{name}.{ends}.{_mac(secret, name, ends)}"


def read_link(secret: str, token: str, now: datetime) -> OrderId:
    """The order that a token opens; NotAllowed when it was not made here, was tampered with, or has expired."""
    parts = token.split(".")
    if len(parts) != _PARTS or not token.isascii():
        raise _unknown()
    name, ends, mac = parts
    if not compare_digest(mac, _mac(secret, name, ends)):
        raise _unknown()
    if int(ends, 16) <= now.timestamp():
        raise NotAllowed("link_expired", "This link to the order has expired. Please ask the store for another.")
    return OrderId(f"ord_{name}")


def _unknown() -> NotAllowed:
    return NotAllowed("link_unknown", "This link opens no order. Please check that it was copied in full.")


def _mac(secret: str, name: str, ends: str) -> str:
    made = hmac(secret.encode(), f"order link\0{name}\0{ends}".encode(), sha256).digest()
    return urlsafe_b64encode(made[:_MAC_BYTES]).decode().rstrip("=")
