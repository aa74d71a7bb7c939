"""What can be done about an order, as forms: only what is legal now, and only what this person may do."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.order import Counts
from doorstep.journey.overview.story import Records, Story
from doorstep.journey.overview.work import legal
from doorstep.kernel.ids import new_id
from doorstep.web.language import Language
from doorstep.web.pages.acts import ORDER_ACTS, act_url
from doorstep.web.pages.forms import Raw, first
from doorstep.web.pages.order_parts import went_wrong
from doorstep.web.pages.page import Visit
from doorstep.web.pages.timeline import units_of


class Button(Struct, frozen=True):
    """One way to send the form: which act it is."""

    url: str
    label: str
    tone: str = ""


class UnitField(Struct, frozen=True):
    """A number for the units of a line."""

    name: str
    label: str
    most: int
    value: int = 0


class Choice(Struct, frozen=True):
    """A list to choose from."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""


class Form(Struct, frozen=True, kw_only=True):
    """One thing that can be done. `reason` is how the reason is asked for; empty: it is not. `written` is one that was
    given when the form was refused.
    """

    anchor: str
    title: str
    buttons: tuple[Button, ...]
    text: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    units: tuple[UnitField, ...] = ()
    choices: tuple[Choice, ...] = ()
    reason: str = ""
    reason_needed: bool = False
    written: str = ""
    is_open: bool = False
    once: str = ""


def forms_of(story: Story, records: Records, visit: Visit) -> list[Form]:
    """Everything that can be done now; what waits for somebody is open."""
    desk = _Forms(story, records, visit)
    made = [*desk.hold(), *desk.cases(), *desk.questions(), *desk.warehouse(), *desk.returns(), *desk.notices()]
    made += [*desk.cancel(), *desk.ask_back()]
    return [form for form in made if form.buttons]


def as_written(forms: Sequence[Form], url: str, raw: Raw) -> tuple[list[Form], str]:
    """The forms, of which the one that was sent to a URL says what was written there; and the words that were written
    if there is no such form any more.
    """
    sent = [form for form in forms if _was_sent(form, url, raw)]
    filled = [_filled(form, raw) if form in sent else form for form in forms]
    return filled, "" if sent else first(raw, "reason").strip()


def _was_sent(form: Form, url: str, raw: Raw) -> bool:
    is_there = any(button.url == url for button in form.buttons)
    return is_there and all(first(raw, name) == value for name, value in form.hidden)


def _filled(form: Form, raw: Raw) -> Form:
    units = tuple(replace(unit, value=_number(first(raw, unit.name), unit)) for unit in form.units)
    choices = tuple(replace(one, value=first(raw, one.name) or one.value) for one in form.choices)
    return replace(form, units=units, choices=choices, written=first(raw, "reason").strip(), is_open=True)


def _number(text: str, unit: UnitField) -> int:
    return min(int(text), unit.most) if text.isdecimal() and len(text) < 10 else unit.value


class _Forms:
    """Makes the forms of one order for one person."""

    def __init__(self, story: Story, records: Records, visit: Visit) -> None:
        self._order = story.order
        self._standing = story.standing
        self._story = story
        self._records = records
        self._visit = visit
        self._say: Language = visit.language

    def hold(self) -> Iterator[Form]:
        """Decide about an order that is held."""
        if not self._standing.held:
            return
        say = self._say
        yield Form(
            anchor="hold",
            title=say("Decide: the order is on hold"),
            text=say("Held because of: {reason}.", reason=self._standing.held),
            buttons=self._buttons(
                ("hold.release", say("Let it go on"), "main"), ("hold.reject", say("Reject it"), "danger")
            ),
            reason=say("Why?"),
            is_open=True,
            once=new_id("once"),
        )

    def cases(self) -> Iterator[Form]:
        """Take or settle what went wrong."""
        say = self._say
        for case in self._records.cases:
            names = legal(("case.take", "case.resolve"), case.state)
            wanted = (("case.resolve", say("Settle it"), "main"), ("case.take", say("Take it"), ""))
            yield Form(
                anchor=f"case-{case.id}",
                title=say("Settle: {reason}", reason=went_wrong(case.subject, case.reason, say)),
                text=say("In the hands of {name}.", name=case.assignee) if case.assignee else "",
                buttons=self._buttons(*(one for one in wanted if one[0] in names)),
                hidden=(("case_id", case.id),),
                reason=say("How was it settled?"),
                is_open=True,
                once=new_id("once"),
            )

    def questions(self) -> Iterator[Form]:
        """Take an answer that the customer gave by another way."""
        say = self._say
        for question in self._records.questions:
            if not legal(("question.answer",), question.state):
                continue
            options = tuple((option, say.label(option)) for option in question.options)
            yield Form(
                anchor=f"question-{question.id}",
                title=say("Answer for the customer"),
                text=say(
                    "Without an answer by {deadline}: {default}.",
                    deadline=say.day_and_time(question.deadline),
                    default=say.label(question.default),
                ),
                buttons=self._buttons(("question.answer", say("Take the answer"), "main")),
                hidden=(("question_id", question.id),),
                choices=(Choice("choice", say("What the customer chose"), options, question.default),),
                once=new_id("once"),
            )

    def warehouse(self) -> Iterator[Form]:
        """Report what was picked, packed and handed over."""
        for one in self._records.fulfillments:
            promise = self._standing.units.promises[one.id]
            if promise.to_pick and legal(("pick.report",), one.state):
                yield self._pick(one.id, one.location, promise.to_pick)
            if promise.picked and legal(("pack.report",), one.state):
                yield self._pack(one.id, one.location, promise.picked)
        for parcel in self._records.shipments:
            if legal(("parcel.hand_over",), parcel.state):
                yield self._hand_over(parcel.parcel_id, parcel.tracking_number)

    def returns(self) -> Iterator[Form]:
        """Decide about returns, receive them, look at them."""
        say = self._say
        for one in self._records.returns:
            names = legal(("return.approve", "return.decline", "return.receive", "return.inspect"), one.state)
            hidden = (("return_id", one.id),)
            if "return.approve" in names:
                buttons = self._buttons(
                    ("return.approve", say("Approve"), "main"), ("return.decline", say("Decline"), "danger")
                )
                yield Form(
                    anchor=f"decide-{one.id}",
                    title=say("Decide about the return of {units}", units=self._units(one.units)),
                    buttons=buttons,
                    hidden=hidden,
                    reason=say("Why?"),
                    is_open=True,
                    once=new_id("once"),
                )
            if "return.receive" in names:
                yield self._receive(one.id, one.units)
            if "return.inspect" in names:
                yield self._inspect(one.id, one.units)

    def notices(self) -> Iterator[Form]:
        """Send a notice again of which nobody knows whether it went."""
        say = self._say
        for stored in self._story.notices:
            if legal(("notice.send_again",), stored.state):
                yield Form(
                    anchor=f"notice-{abs(hash(stored.notice.key))}",
                    title=say("Send again: {subject}", subject=stored.notice.subject),
                    text=say("It may have been sent or not: {note}.", note=stored.note),
                    buttons=self._buttons(("notice.send_again", say("Send it again"), "")),
                    hidden=(("notice", stored.notice.key),),
                    once=new_id("once"),
                )

    def cancel(self) -> Iterator[Form]:
        """Stop what was not picked yet."""
        units = self._standing.units.cancelable()
        if not units or not self._standing.confirmed or self._standing.ended:
            return
        say = self._say
        yield Form(
            anchor="cancel",
            title=say("Cancel units"),
            text=say("What was not picked yet can be canceled; what was taken for it is paid back."),
            buttons=self._buttons(("order.cancel", say("Cancel these units"), "danger")),
            units=self._fields("units", units),
            reason=say("Why?"),
            reason_needed=True,
            once=new_id("once"),
        )

    def ask_back(self) -> Iterator[Form]:
        """Ask for a return in the customer's name."""
        units = self._standing.units.returnable()
        if not units:
            return
        say = self._say
        yield Form(
            anchor="return",
            title=say("Ask for a return"),
            buttons=self._buttons(("return.request", say("Ask for the return"), "")),
            units=self._fields("units", units),
            reason=say("Why does it come back?"),
            reason_needed=True,
            once=new_id("once"),
        )

    def _pick(self, fulfillment_id: str, location: str, units: Counts) -> Form:
        say = self._say
        return Form(
            anchor=f"pick-{fulfillment_id}",
            title=say("Report what was picked at {location}", location=location),
            text=say("Say what is missing; all else counts as picked."),
            buttons=self._buttons(("pick.report", say("Report the pick"), "main")),
            hidden=(("fulfillment_id", fulfillment_id),),
            units=self._fields("missing", units),
            reason=say("Why is it missing?"),
            is_open=True,
            once=new_id("once"),
        )

    def _pack(self, fulfillment_id: str, location: str, units: Counts) -> Form:
        say = self._say
        return Form(
            anchor=f"pack-{fulfillment_id}",
            title=say("Pack at {location}: {units}", location=location, units=self._units(units)),
            text=say("All of it is in one sealed parcel."),
            buttons=self._buttons(("pack.report", say("Report it packed"), "main")),
            hidden=(("fulfillment_id", fulfillment_id),),
            is_open=True,
            once=new_id("once"),
        )

    def _hand_over(self, parcel_id: str, tracking_number: str) -> Form:
        say = self._say
        return Form(
            anchor=f"hand-over-{parcel_id}",
            title=say("Hand over parcel {tracking}", tracking=tracking_number or parcel_id),
            buttons=self._buttons(("parcel.hand_over", say("The courier has it"), "main")),
            hidden=(("parcel_id", parcel_id),),
            is_open=True,
            once=new_id("once"),
        )

    def _receive(self, return_id: str, units: Counts) -> Form:
        say = self._say
        return Form(
            anchor=f"receive-{return_id}",
            title=say("Receive the return of {units}", units=self._units(units)),
            text=say("Say how many of each arrived."),
            buttons=self._buttons(("return.receive", say("They are here"), "main")),
            hidden=(("return_id", return_id),),
            units=self._fields("units", units, full=True),
            is_open=True,
            once=new_id("once"),
        )

    def _inspect(self, return_id: str, units: Counts) -> Form:
        say = self._say
        fields = [
            UnitField(f"{name}.{position}", label.format(item=self._order.line(position).description), count)
            for position, count in units
            for name, label in (("written_off", say("{item}, written off")), ("rejected", say("{item}, refused")))
        ]
        return Form(
            anchor=f"inspect-{return_id}",
            title=say("Inspect {units}", units=self._units(units)),
            text=say("What is neither written off nor refused goes back on the shelf."),
            buttons=self._buttons(("return.inspect", say("Report the inspection"), "main")),
            hidden=(("return_id", return_id),),
            units=tuple(fields),
            is_open=True,
            once=new_id("once"),
        )

    def _buttons(self, *wanted: tuple[str, str, str]) -> tuple[Button, ...]:
        return tuple(
            Button(act_url(self._order.number, name), label, tone)
            for name, label, tone in wanted
            if self._visit.actor.may(ORDER_ACTS[name].needs)
        )

    def _fields(self, name: str, units: Counts, *, full: bool = False) -> tuple[UnitField, ...]:
        return tuple(
            UnitField(f"{name}.{position}", self._order.line(position).description, count, count if full else 0)
            for position, count in units
        )

    def _units(self, units: Counts) -> str:
        return units_of(units, self._order, self._say)
