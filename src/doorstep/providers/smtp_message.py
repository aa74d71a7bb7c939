"""What an e-mail looks like and what a mail server's answer means. Pure."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct

from doorstep.plug.notification import Message, SendOutcome, SendVerdict
from doorstep.providers.headers import is_address, one_line, why_unsafe

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailSecurity(StrEnum):
    """How the way to the mail server is encrypted: not at all, upgraded after the greeting, or from the start."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class SmtpSettings(Struct, frozen=True, kw_only=True):
    """Where and as whom to send. `sender` is an address, or "Name <address>"; `timeout_seconds` is for a whole message.

    A password over an unencrypted connection is refused, unless the server is on this very machine.
    """

    host: str
    sender: str
    port: int = 587
    username: str = ""
    password: str = ""
    security: MailSecurity = MailSecurity.STARTTLS
    timeout_seconds: float = 20.0
    connections_max: int = 4

    def __post_init__(self) -> None:
        if not is_address(ascii_domain(split_sender(self.sender)[1])):
            raise ValueError(f"{self.sender!r} is not a sender such as shop@example.com or Shop <shop@example.com>")
        if self.password and self.security is MailSecurity.NONE and self.host not in _LOOPBACK:
            raise ValueError("a password would cross the network unencrypted: set security to starttls or tls")

    def __repr__(self) -> str:
        where = f"host={self.host!r}, port={self.port}, security={self.security.value!r}"
        return f"SmtpSettings({where}, sender={self.sender!r})"


class Letter(Struct, frozen=True):
    """A message ready for the wire. `utf8`: its addresses need a server with SMTPUTF8 (RFC 6531)."""

    sender: str
    recipient: str
    body: bytes
    message_id: str
    utf8: bool


def letter(message: Message, settings: SmtpSettings, at: datetime) -> Letter | str:
    """The letter of a message written at a moment, or why it cannot be one."""
    if reason := why_unsafe(message):
        return reason
    author, recipient = _author(message, settings), ascii_domain(message.recipient)
    if not is_address(recipient):
        return "the recipient is not an e-mail address"
    envelope = ascii_domain(split_sender(settings.sender)[1])
    utf8 = not (envelope + author.addr_spec + recipient).isascii()
    mail = EmailMessage(policy=(SMTPUTF8 if utf8 else SMTP).clone(cte_type="7bit"))
    mail["From"] = author
    mail["To"] = _address("", recipient)
    mail["Subject"] = message.subject
    mail["Date"] = at
    mail["Message-ID"] = message_id = _message_id(message.key, envelope)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail.set_content(message.text, charset="utf-8")
    return Letter(envelope, recipient, mail.as_bytes(), message_id, utf8)


def ascii_domain(address: str) -> str:
    """An address with its domain as name servers know it (`müller.de`: `xn--mller-kva.de`); empty if it has none."""
    name, at, domain = address.rpartition("@")
    try:
        return name + at + domain.encode("idna").decode()
    except UnicodeError:
        return ""


def split_sender(sender: str) -> tuple[str, str]:
    """Display name and address of "Name <address>" or of a bare address."""
    if sender.endswith(">") and "<" in sender:
        name, _, address = sender[:-1].rpartition("<")
        return name.strip().strip('"'), address.strip()
    return "", sender.strip()


def answered(code: int, text: str) -> SendOutcome:
    """What a refusing answer means: 4xx (RFC 5321, section 4.2.1) passes, 5xx is for good, all else is unclear."""
    verdict = {4: SendVerdict.LATER, 5: SendVerdict.REFUSED}.get(code // 100, SendVerdict.UNKNOWN)
    return SendOutcome(verdict=verdict, reason=one_line(f"{code} {text}"))


def broken_off(reason: str, *, data_sent: bool) -> SendOutcome:
    """What a lost connection or a time-out means: before the message's own text went out, certainly not sent."""
    verdict = SendVerdict.UNKNOWN if data_sent else SendVerdict.LATER
    return SendOutcome(verdict=verdict, reason=one_line(reason))


def _author(message: Message, settings: SmtpSettings) -> Address:
    """Who the letter is from. A sender of the message that is no address is a name over the store's own address."""
    own_name, own = split_sender(settings.sender)
    name, address = split_sender(message.sender) if message.sender else (own_name, own)
    if not is_address(address):
        name, address = message.sender, own
    return _address(name, ascii_domain(address))


def _address(name: str, address: str) -> Address:
    username, _, domain = address.rpartition("@")
    return Address(name, username, domain)


def _message_id(key: str, sender: str) -> str:
    """The same for the same key, so that a receiving system can drop a second copy."""
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}>"
