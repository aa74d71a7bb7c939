"""Every expected way for a request to fail, on one page. Bugs are left alone: they are not listed here.

The web edge turns each into one RFC 9457 answer, the worker into a retry or a visible failure.
"""

from collections.abc import Mapping


class DoorstepError(Exception):
    """What all expected errors share: a stable code for programs, a sentence for people, the fields it is about."""

    status = 500

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})


class Refused(DoorstepError):
    """An expected no: the request is understood and not allowed as things stand."""

    status = 422


class Missing(DoorstepError):
    """What the request names does not exist, or not for this caller."""

    status = 404


class Conflict(DoorstepError):
    """Somebody else was first: read again and decide again."""

    status = 409


class NotAllowed(DoorstepError):
    """The caller may not do this."""

    status = 403


class TryLater(DoorstepError):
    """Nothing is wrong with the request; there is no room for it. Ask again after `retry_after_seconds`."""

    status = 503

    def __init__(self, code: str, message: str, retry_after_seconds: float = 1.0) -> None:
        super().__init__(code, message)
        self.retry_after_seconds = retry_after_seconds


class LawBroken(DoorstepError):
    """A fact would break a law of units, money or stock. It is never written; someone must look."""
