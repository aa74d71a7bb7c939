"""What is asked of services outside while a checkout is priced, and their answers, which hold for a while. Pure.

Pricing never waits: where an answer is missing it says what is wanted, and goes on with the plan's own figures. Whoever
has the checkout then may ask, and settles the answer by a change that carries nothing else.
"""

from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.plug.tax import TaxOutcome, TaxRequest

_encode = msgspec.json.Encoder().encode
_DIGITS = 24


class TaxQuote(Struct, frozen=True):
    """An engine's answer with what it answers, and until when it holds."""

    request: TaxRequest
    outcome: TaxOutcome
    expires_at: datetime

    def answers(self, request: TaxRequest, at: datetime) -> bool:
        """Whether this very request was answered, and the answer still holds."""
        return self.request.key == request.key and at < self.expires_at


class Outside(Struct, frozen=True, omit_defaults=True):
    """The latest answer from outside, and what is wanted of it and has no answer that holds."""

    tax: TaxQuote | None = None
    tax_wanted: TaxRequest | None = None

    @property
    def is_estimated(self) -> bool:
        """Whether the plan's own figures stand in for an answer."""
        return self.tax_wanted is not None

    def has_expired(self, at: datetime) -> bool:
        """Whether what was priced by an answer is not so any more."""
        return self.tax is not None and self.tax_wanted is None and self.tax.expires_at <= at


class Answers(Struct, frozen=True):
    """Answers from outside that are to be settled."""

    tax: TaxQuote | None = None


NO_ANSWERS = Answers()


def settled(outside: Outside, answers: Answers) -> Outside:
    """What is known after answers came."""
    return replace(outside, tax=answers.tax or outside.tax)


def keyed(request: TaxRequest, about: str) -> TaxRequest:
    """A request with the key that follows from it and from what it is about."""
    digest = sha256(_encode(replace(request, key=""))).hexdigest()[:_DIGITS]
    return replace(request, key=f"{about}:{digest}")
