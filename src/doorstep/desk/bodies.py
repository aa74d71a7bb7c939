"""What is said with an act. Unknown fields are refused; texts and numbers are bounded."""

from typing import Annotated

from msgspec import Meta, Struct

from doorstep.access.model.permissions import Permission
from doorstep.desk.address import AddressBody, Text
from doorstep.desk.model import Said
from doorstep.journey.order import Counts, counted
from doorstep.kernel.limits import (
    KEY_CHARS_MAX,
    LINES_MAX,
    MINOR_UNITS_MAX,
    QUANTITY_MAX,
    SKU_CHARS_MAX,
    TEXT_CHARS_MAX,
)

FILE_CHARS_MAX = 20_000_000
NOTE_CHARS_MAX = 2_000
_LINE = r"^[^\x00-\x1f\x7f]*$(?!\n)"
_LINES = r"^[^\x00-\x09\x0b-\x1f\x7f]*$"

Reason = Annotated[str, Meta(max_length=TEXT_CHARS_MAX, pattern=_LINE, description="Why; it is kept with the act.")]
Why = Annotated[str, Meta(min_length=1, max_length=TEXT_CHARS_MAX, pattern=_LINE, description="Why; it is kept.")]
NoteText = Annotated[str, Meta(min_length=1, max_length=NOTE_CHARS_MAX, pattern=_LINES)]
Name = Annotated[str, Meta(min_length=1, max_length=KEY_CHARS_MAX, pattern=r"^[\x20-\x7e]+$(?!\n)")]
Id = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$(?!\n)")]
NoticeKey = Annotated[str, Meta(min_length=1, max_length=600, pattern=_LINE)]
JobKey = Annotated[str, Meta(min_length=1, max_length=700, pattern=_LINE)]
Sku = Annotated[str, Meta(min_length=1, max_length=SKU_CHARS_MAX, pattern=_LINE)]
Change = Annotated[int, Meta(ge=-QUANTITY_MAX, le=QUANTITY_MAX)]
Count = Annotated[int, Meta(ge=0, le=QUANTITY_MAX)]
Csv = Annotated[str, Meta(max_length=FILE_CHARS_MAX, description="The file itself: CSV with a header.")]


class Units(Struct, frozen=True, forbid_unknown_fields=True):
    """Units of the line at a position, counted from 1."""

    position: Annotated[int, Meta(ge=1, le=LINES_MAX)]
    quantity: Annotated[int, Meta(ge=1, le=QUANTITY_MAX)]


UnitList = Annotated[tuple[Units, ...], Meta(max_length=LINES_MAX)]


class Nothing(Said, frozen=True, kw_only=True):
    """Nothing needs to be said."""

    reason: Reason = ""


class OnlyReason(Said, frozen=True, kw_only=True):
    """Why."""

    reason: Why


class Cancellation(Said, frozen=True, kw_only=True):
    """Units that are not to be sent: exactly those named, or without any, all that can still be stopped."""

    reason: Why
    units: UnitList = ()


class ChangedUnits(Struct, frozen=True, forbid_unknown_fields=True):
    """How many of the line at a position, counted from 1, are to be sent; 0: none."""

    position: Annotated[int, Meta(ge=1, le=LINES_MAX)]
    quantity: Count


class ChangeDraft(Said, frozen=True, kw_only=True):
    """What is to be different about an order: only what is given changes. `delivery` is the id of a delivery plan."""

    address: AddressBody | None = None
    units: Annotated[tuple[ChangedUnits, ...], Meta(max_length=LINES_MAX)] = ()
    service: Text | None = None
    delivery: Text | None = None
    deliveries_max: Annotated[int, Meta(ge=1, le=100)] | None = None
    reason: Reason = ""


class ChangeBody(ChangeDraft, frozen=True, kw_only=True):
    """A change that the customer agreed to: the difference that they saw, in minor units, less than 0 when it falls.

    When it costs more it is paid by `method` with `token`; without them as the order itself was.
    """

    difference_minor: Annotated[int, Meta(ge=-MINOR_UNITS_MAX, le=MINOR_UNITS_MAX)]
    method: Text = ""
    token: Annotated[str, Meta(max_length=500, pattern=r"^[\x21-\x7e]*$(?!\n)")] = ""


class NoteBody(Said, frozen=True, kw_only=True):
    """A note for colleagues."""

    text: NoteText


class AnswerBody(Said, frozen=True, kw_only=True):
    """What a customer chose, as somebody was told."""

    question_id: Id
    choice: Id
    reason: Reason = ""


class CaseBody(Said, frozen=True, kw_only=True):
    """A case."""

    case_id: Id
    reason: Reason = ""


class Resolution(Said, frozen=True, kw_only=True):
    """A case, and how it was settled."""

    case_id: Id
    reason: Why


class PickBody(Said, frozen=True, kw_only=True):
    """A fulfillment order was picked: everything but what is missing."""

    fulfillment_id: Id
    missing: UnitList = ()
    reason: Reason = ""


class PackBody(Said, frozen=True, kw_only=True):
    """All that was picked for a fulfillment order is in one sealed parcel."""

    fulfillment_id: Id
    reason: Reason = ""


class HandOverBody(Said, frozen=True, kw_only=True):
    """The courier took a parcel."""

    parcel_id: Id
    reason: Reason = ""


class ReturnBody(Said, frozen=True, kw_only=True):
    """Delivered units that are to come back."""

    units: Annotated[tuple[Units, ...], Meta(min_length=1, max_length=LINES_MAX)]
    reason: Why


class ReturnId(Said, frozen=True, kw_only=True):
    """A return."""

    return_id: Id
    reason: Reason = ""


class ReturnRefusal(Said, frozen=True, kw_only=True):
    """A return, and why it is not accepted."""

    return_id: Id
    reason: Why


class ReceptionBody(Said, frozen=True, kw_only=True):
    """Goods of a return arrived: the units named, or all that were announced."""

    return_id: Id
    units: UnitList | None = None
    reason: Reason = ""


class InspectionBody(Said, frozen=True, kw_only=True):
    """Goods of a return were looked at: all that is not written off or rejected goes back on the shelf."""

    return_id: Id
    written_off: UnitList = ()
    rejected: UnitList = ()
    reason: Reason = ""


class NoticeBody(Said, frozen=True, kw_only=True):
    """A notice, by its key, of which nobody knows whether it was sent."""

    notice: NoticeKey
    reason: Reason = ""


class AdjustmentBody(Said, frozen=True, kw_only=True):
    """What is on hand at a place changes by a number, or becomes a number: one of the two. When `seen` is not what is
    on hand, nothing is changed.
    """

    sku: Sku
    location: Id
    reason: Why
    change: Change | None = None
    count: Count | None = None
    seen: Count | None = None


class FileBody(Said, frozen=True, kw_only=True):
    """A file to import. With `preview` it is only said what would change; with `skip_bad` bad lines are left out."""

    csv: Csv
    preview: bool = False
    skip_bad: bool = False
    reason: Reason = ""


class CountBody(FileBody, frozen=True, kw_only=True):
    """A file of counted stock. What was imported under a name is not imported again under it; without a name, the
    file's own content is the name.
    """

    name: Annotated[str, Meta(max_length=KEY_CHARS_MAX, pattern=r"^[\x20-\x7e]*$(?!\n)")] = ""


class JobBody(Said, frozen=True, kw_only=True):
    """A job that was tried too often."""

    job: JobKey
    reason: Reason = ""


class JobRefusal(Said, frozen=True, kw_only=True):
    """A job that was tried too often, and why it is not to be done."""

    job: JobKey
    reason: Why


class KeyBody(Said, frozen=True, kw_only=True):
    """A key for a program: what it is for, what it may do, and for how many days."""

    name: Name
    scopes: Annotated[tuple[Permission, ...], Meta(min_length=1, max_length=50)]
    days: Annotated[int, Meta(ge=1, le=3650)] | None = None
    reason: Reason = ""


class KeyId(Said, frozen=True, kw_only=True):
    """A key, by its id."""

    key_id: Id
    reason: Reason = ""


def counts(units: tuple[Units, ...]) -> Counts:
    """Units as the journey counts them: lines that are named twice add up."""
    sums: dict[int, int] = {}
    for one in units:
        sums[one.position] = sums.get(one.position, 0) + one.quantity
    return counted(sums.items())
