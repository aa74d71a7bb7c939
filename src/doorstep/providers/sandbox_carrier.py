"""A carrier to practice with: sells labels that no one collects, and loses parcels on request.

What it does is decided by the request's `instructions`. Anything that is not in the table is a shopper's note to the
courier and changes nothing.
"""

import asyncio
from pathlib import Path

from msgspec import Struct

from doorstep.plug.carrier import LabelOutcome, LabelRequest, LabelVerdict, TrackingEvent, TrackingQuestion
from doorstep.providers.journal import Journal
from doorstep.providers.parcels import Fate, fate_of, journey, tracking_number

_CARRIER = "SB"
_COST_MINOR = 350
_COST_MINOR_PER_KG = 50


class LabelScript(Struct, frozen=True):
    """One row: the instructions, how the first purchase goes, whether it left a label behind, and the parcel's fate."""

    instructions: str
    first: LabelVerdict
    purchase: str
    fate: Fate = Fate.DELIVERED
    bought: bool = True


LABEL_SCRIPTS = (
    LabelScript("", LabelVerdict.BOUGHT, "bought"),
    LabelScript("refuse", LabelVerdict.REFUSED, "refused, reason `refused`", bought=False),
    LabelScript("refuse:<reason>", LabelVerdict.REFUSED, "refused, with that reason", bought=False),
    LabelScript("timeout", LabelVerdict.UNKNOWN, "unknown, though bought; repeated: bought"),
    LabelScript("timeout-lost", LabelVerdict.UNKNOWN, "unknown, not bought; repeated: bought", bought=False),
    LabelScript("lose", LabelVerdict.BOUGHT, "bought", Fate.LOST),
    LabelScript("return", LabelVerdict.BOUGHT, "bought", Fate.RETURNED),
)
_ENDS = {Fate.DELIVERED: "delivered", Fate.LOST: "lost", Fate.RETURNED: "returned to sender"}
_BY_INSTRUCTIONS = {script.instructions: script for script in LABEL_SCRIPTS if "<" not in script.instructions}


class LabelRecord(Struct, frozen=True, omit_defaults=True, gc=False, tag="label"):
    """A purchase as the carrier remembers it. `bought` is false for what was refused or got lost on the way."""

    request: LabelRequest
    bought: bool
    reason: str = ""


class SandboxCarrier:
    """A carrier for newcomers, tests and rehearsals. With a journal its books can outlive and span processes."""

    name = "sandbox-carrier"

    def __init__(self, journal: Path | None = None, latency_seconds: float = 0.0) -> None:
        self._latency_seconds = latency_seconds
        self._records: dict[str, LabelRecord] = {}
        self._journal = Journal(LabelRecord, self._apply, journal)

    async def buy_label(self, request: LabelRequest) -> LabelOutcome:
        """Buy a label, or answer as the first time when the key is known."""
        outcome = self._sell(request)
        if self._latency_seconds > 0:
            await asyncio.sleep(self._latency_seconds)
        return outcome

    async def track(self, question: TrackingQuestion) -> tuple[TrackingEvent, ...]:
        """All that is known of a parcel, oldest first; the number itself carries the parcel's fate."""
        fate = fate_of(question.tracking_number, _CARRIER)
        if self._latency_seconds > 0:
            await asyncio.sleep(self._latency_seconds)
        return journey(question, fate) if fate else ()

    def books(self) -> tuple[LabelRequest, ...]:
        """Every label that was sold, oldest first."""
        with self._journal:
            return tuple(record.request for record in self._records.values() if record.bought)

    async def close(self) -> None:
        """Give the journal's file back."""
        self._journal.close()

    def _sell(self, request: LabelRequest) -> LabelOutcome:
        script, reason = label_script_of(request.instructions)
        with self._journal:
            known = self._records.get(request.key)
            if known is None:
                self._journal.append(LabelRecord(request, script.bought, reason))
                return _answer(request, script.first, script.fate, reason)
            if known.request != request:
                return LabelOutcome(verdict=LabelVerdict.REFUSED, reason="key reused")
            if known.reason:
                return _answer(request, LabelVerdict.REFUSED, script.fate, known.reason)
            if not known.bought:
                self._journal.append(LabelRecord(request, bought=True))
        return _answer(request, LabelVerdict.BOUGHT, script.fate, "")

    def _apply(self, line: LabelRecord) -> None:
        self._records[line.request.key] = line


def label_script_of(instructions: str) -> tuple[LabelScript, str]:
    """The row that instructions ask for, and the reason if it refuses."""
    name, _, reason = instructions.partition(":")
    if name == "refuse":
        return _BY_INSTRUCTIONS[name], reason[:300] or "refused"
    return _BY_INSTRUCTIONS.get(instructions, _BY_INSTRUCTIONS[""]), ""


def label_table() -> str:
    """The table as Markdown, for the documentation."""
    head = "| instructions | purchase | the parcel ends |\n|---|---|---|\n"
    return head + "".join(_row(script) for script in LABEL_SCRIPTS)


def _row(script: LabelScript) -> str:
    instructions = f"`{script.instructions}`" if script.instructions else "none of these"
    ends = "–" if script.first is LabelVerdict.REFUSED else _ENDS[script.fate]
    return f"| {instructions} | {script.purchase} | {ends} |\n"


def _answer(request: LabelRequest, verdict: LabelVerdict, fate: Fate, reason: str) -> LabelOutcome:
    if verdict is not LabelVerdict.BOUGHT:
        return LabelOutcome(verdict=verdict, reason=reason)
    number = tracking_number(_CARRIER, fate, request.key)
    kilograms = -(-request.weight_grams // 1000)
    cost = _COST_MINOR + _COST_MINOR_PER_KG * kilograms
    return LabelOutcome(verdict=verdict, tracking_number=number, label_reference=f"label-{number}", cost_minor=cost)
