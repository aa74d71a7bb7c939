"""What acts at the desk answer over HTTP."""

from msgspec import Struct

from doorstep.desk.goods import Import, LineChange
from doorstep.desk.model import Done, Outcome
from doorstep.desk.system import KeyText
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.sheet import BadLine


class DoneView(Struct, frozen=True, kw_only=True):
    """What was done: in words, to what, what it made (the id of a return, a parcel), the order's version afterwards."""

    act: str
    about: str
    says: str
    made: str
    version: int | None


class ImportView(Struct, frozen=True, kw_only=True):
    """What a file comes to. `earlier` lines were imported before under the same name; of `changes` the first are shown.

    `bad` are the lines that cannot be used.
    """

    applied: bool
    name: str
    says: str
    new: int
    changed: int
    unchanged: int
    earlier: int
    changes: tuple[LineChange, ...]
    bad: tuple[BadLine, ...]


class KeyView(Struct, frozen=True, kw_only=True):
    """A key that was made. Its `text` is shown this once; asked again with the same Idempotency-Key it is empty."""

    id: str
    name: str
    text: str


class ResultView(Struct, frozen=True, kw_only=True):
    """What came of an act for one order: done or not, in words; when it was refused, the code of that."""

    order: str
    done: bool
    says: str
    code: str
    version: int | None


class BatchView(Struct, frozen=True, kw_only=True):
    """What came of an act for each order. In a preview nothing was changed."""

    preview: bool
    done: int
    refused: int
    results: tuple[ResultView, ...]


def done_view(done: Done) -> DoneView:
    """An act that is done."""
    return DoneView(act=done.act, about=done.about, says=done.says, made=done.made, version=done.version)


def import_view(done: Done, *, applied: bool) -> ImportView:
    """A file that was imported, or would be."""
    told: Import = done.answer
    return ImportView(
        applied=applied,
        name=told.name,
        says=done.says,
        new=told.new,
        changed=told.changed,
        unchanged=told.unchanged,
        earlier=told.earlier,
        changes=told.changes,
        bad=told.bad,
    )


def key_view(done: Done, name: str) -> KeyView:
    """A key that was made."""
    told: KeyText = done.answer
    return KeyView(id=told.key_id, name=name, text=told.text)


def result_view(order: str, outcome: Outcome) -> ResultView:
    """What came of an act for one order."""
    if isinstance(outcome, DoorstepError):
        return ResultView(order=order, done=False, says=outcome.message, code=outcome.code, version=None)
    return ResultView(order=order, done=True, says=outcome.says, code="", version=outcome.version)
