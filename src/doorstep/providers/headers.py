"""What may stand in a message's header fields. Pure."""

import re

from doorstep.kernel.limits import EMAIL_CHARS_MAX, TEXT_CHARS_MAX
from doorstep.plug.notification import Message

# Control characters, and everything that some program takes for the end of a line.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# An RFC 2047 encoded word would be decoded where the letter is put together, line breaks and all.
_ENCODED = re.compile(r"=\?[^?]*\?[^?]*\?")
_ATOM = r"[^\s.<>()\[\]\\,;:@\"]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})*")  # RFC 5322 dot-atoms, international ones too


def why_unsafe(message: Message) -> str:
    """Why a message's header fields cannot be sent, or nothing. A line break would let its author add fields."""
    fields = {"key": message.key, "recipient": message.recipient, "subject": message.subject, "sender": message.sender}
    for field, text in fields.items():
        if _UNSAFE.search(text):
            return f"the {field} holds a line break or another control character"
        if _ENCODED.search(text):
            return f"the {field} holds an encoded word"
    return "the key is empty" if not message.key else ""


def is_address(text: str) -> bool:
    """Whether a text is exactly one e-mail address, without a display name."""
    return len(text) <= EMAIL_CHARS_MAX and _ADDRESS.fullmatch(text) is not None and not _UNSAFE.search(text)


def one_line(text: str) -> str:
    """A server's words, fit for a reason that people read."""
    return _UNSAFE.sub(" ", text)[:TEXT_CHARS_MAX]
