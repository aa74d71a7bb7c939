"""What is known of a provider from the calls to it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

LOST = "lost"
"""The verdict on a call that failed or ran out of time: nobody answered."""


class Calls(Struct, frozen=True):
    """The calls that a process made to a provider for one kind of job: how often each verdict, and the last of them."""

    job: str
    provider: str
    verdicts: Mapping[str, int]
    last: str
    last_at: datetime
