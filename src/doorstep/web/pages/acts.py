"""Acts of the desk as forms: what is sent becomes what the act is told, what was done becomes a sentence."""

from collections.abc import Mapping
from typing import Any

import msgspec

from doorstep.desk.desk import Desk
from doorstep.desk.model import About, Act, Done, Wish
from doorstep.desk.once import Kept, Keyed, digest_of
from doorstep.desk.table import ACTS
from doorstep.kernel.errors import Refused
from doorstep.web.labels import marked
from doorstep.web.pages.forms import Raw, first
from doorstep.web.pages.page import Visit
from doorstep.web.respond import unreadable

DONE: Mapping[str, str] = {
    "hold.release": marked("The order goes on."),
    "hold.reject": marked("The order is rejected; its money and stock go back."),
    "order.cancel": marked("The units are canceled."),
    "order.change": marked("The order is changed, or will be once the difference is paid."),
    "order.note": marked("The note is added."),
    "question.answer": marked("The answer is taken."),
    "case.take": marked("The case is yours."),
    "case.resolve": marked("The case is settled."),
    "pick.report": marked("The pick is reported."),
    "pack.report": marked("The parcel is packed; its label is being bought."),
    "parcel.hand_over": marked("The courier has the parcel."),
    "return.request": marked("The return is asked for."),
    "return.approve": marked("The return is approved."),
    "return.decline": marked("The return is declined."),
    "return.receive": marked("The goods are received."),
    "return.inspect": marked("The goods are inspected."),
    "notice.send_again": marked("The notice is sent once more."),
    "stock.adjust": marked("The stock is adjusted."),
    "stock.import": marked("The count is taken in."),
    "items.import": marked("The items are taken in."),
    "job.retry": marked("The job is tried again."),
    "job.give_up": marked("The job is given up for good."),
    "key.issue": marked("The key is made."),
    "key.revoke": marked("The key is revoked."),
}
"""What is said when an act is done."""

ORDER_ACTS = {name: act for name, act in ACTS.items() if act.about is About.ORDER}


def act_url(number: str, name: str) -> str:
    """Where a form about an order is sent."""
    return f"/console/orders/{number}/{name}"


def said_in(act: Act[Any], raw: Raw) -> Any:
    """What an act is told, from the fields of a form. Refused, by field, when it cannot be that.

    Units are sent as one number for each line: `missing.2` is how many of line 2 are missing.
    """
    told: dict[str, object] = {}
    for field in msgspec.structs.fields(act.body):
        name = field.encode_name
        if "Units" in str(field.type):
            told[name] = _units(raw, f"{name}.")
        elif "tuple" in str(field.type):
            told[name] = [value for value in raw.get(name, []) if value]
        elif name in raw:
            told[name] = _text(raw[name][0])
    try:
        return msgspec.convert({name: value for name, value in told.items() if value != ""}, act.body, strict=False)
    except msgspec.ValidationError as error:
        problem = unreadable(error)
        raise Refused("invalid_form", problem.message, problem.fields) from None


async def have_done(visit: Visit, act: Act[Any], raw: Raw, order: str = "") -> Done:
    """Have the desk do what a form says, once however often it is sent."""
    expected = first(raw, "expected")
    wish: Wish[Any] = Wish(
        actor=visit.actor,
        body=said_in(act, raw),
        order=order,
        expected=int(expected) if expected.isdecimal() and len(expected) < 10 else None,
    )
    return await once(visit.given.desk, act, wish, visit.once)


async def once(desk: Desk, act: Act[Any], wish: Wish[Any], key: str) -> Done:
    """Do something once for each key of a form; without a key, at once."""
    if not key:
        return await desk.ask(act, wish)

    async def answering(tx: Any) -> Kept:
        (outcome,) = await desk.perform(tx, act, [wish])
        if not isinstance(outcome, Done):
            raise outcome
        return Kept(200, msgspec.json.encode(outcome))

    said = digest_of(act.name.encode(), wish.order.encode(), msgspec.json.encode(wish.body))
    kept = await desk.once.answer(Keyed(f"form:{wish.actor.id}", key[:100], said), answering)
    return msgspec.json.decode(kept.body, type=Done)


def _units(raw: Raw, prefix: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for name, values in raw.items():
        if name.startswith(prefix) and (count := _text(values[0])) not in ("", "0"):
            found.append({"position": name.removeprefix(prefix), "quantity": count})
    return found


def _text(value: str | bytes) -> str:
    text = value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value
    return text.replace("\r\n", "\n").strip()
