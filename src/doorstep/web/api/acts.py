"""Acts at the desk over HTTP: each is a resource that is made, once for each Idempotency-Key."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from doorstep.desk.bodies import FILE_CHARS_MAX, NOTE_CHARS_MAX, ChangeBody, FileBody, KeyBody, NoteBody, Reason
from doorstep.desk.desk import MANY_MAX, done
from doorstep.desk.model import About, Act, Done, Wish
from doorstep.desk.table import ACTS
from doorstep.kernel.errors import DoorstepError, Missing, Refused
from doorstep.kernel.limits import BODY_BYTES_MAX
from doorstep.web.api import act_examples as x
from doorstep.web.api.act_views import (
    BatchView,
    DoneView,
    ImportView,
    KeyView,
    done_view,
    import_view,
    key_view,
    result_view,
)
from doorstep.web.api.change_views import ChangeView, change_view
from doorstep.web.endpoint import AnyEndpoint, Ask, Endpoint, NotKept
from doorstep.web.etags import BAD_ETAG, IF_MATCH, PRECONDITION_FAILED, expected
from doorstep.web.noting import REQUEST
from doorstep.web.respond import unreadable

_IMPORT_BYTES_MAX = FILE_CHARS_MAX + 1_000_000
_NO_ORDER = Missing("no_such_order", "There is no order 1001.")
_MANY = Literal["hold.release", "hold.reject", "order.cancel", "order.note"]
_ORDER = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[0-9A-Za-z_.-]+$(?!\n)")]


class OneOf(Struct, frozen=True, forbid_unknown_fields=True):
    """An order, by its id or number, and the version that was seen of it."""

    order: _ORDER
    version: Annotated[int, Meta(ge=0, le=10**9)] | None = None


class BatchBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same act on many orders. With `preview` it is only said what would come of it."""

    act: _MANY
    orders: Annotated[tuple[OneOf, ...], Meta(min_length=1, max_length=MANY_MAX)]
    reason: Reason = ""
    text: Annotated[str, Meta(max_length=NOTE_CHARS_MAX, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")] = ""
    preview: bool = False


def act_endpoints(paths: dict[str, str], key: Any) -> tuple[AnyEndpoint, ...]:
    """An endpoint for each act that is done to one thing, by its name and path."""
    return tuple(_endpoint(ACTS[name], path, key) for name, path in paths.items())


def batch_endpoint(path: str, key: Any) -> AnyEndpoint:
    """The endpoint for one act on many orders. What is needed for it depends on the act, so that is looked at later."""
    return Endpoint(
        method="POST",
        path=path,
        run=_many,
        title="Do the same to many orders",
        says="Each order is done or refused by itself. With `preview` nothing is changed, and the status is 200.",
        body=BatchBody,
        example_body=BatchBody(act="order.cancel", orders=(OneOf("1001", 7), OneOf("1002")), reason="recall"),
        example=x.BATCH,
        status=200,
        needs=ACTS["order.cancel"].needs,
        parameters=(key,),
        errors=x.KEY_ERRORS,
        once=True,
        called="order_batches",
    )


def _endpoint(act: Act[Any], path: str, key: Any) -> AnyEndpoint:
    run, example = _shown(act)
    is_import = issubclass(act.body, FileBody)
    is_on_order = act.about is About.ORDER
    return Endpoint(
        method="POST",
        path=path,
        run=run,
        title=act.title,
        says=act.says,
        body=act.body,
        example_body=x.BODIES[act.name],
        example=example,
        status=200 if is_import else 201,
        needs=act.needs,
        parameters=(key, IF_MATCH) if is_on_order else (key,),
        errors=(
            *((_NO_ORDER, BAD_ETAG, PRECONDITION_FAILED) if is_on_order else ()),
            *x.ERRORS[act.name],
            *x.KEY_ERRORS,
        ),
        once=True,
        keeps=_without_text if act.body is KeyBody else None,
        body_bytes_max=_IMPORT_BYTES_MAX if is_import else BODY_BYTES_MAX,
        called=act.name.replace(".", "_"),
    )


def _shown(act: Act[Any]) -> tuple[Callable[[Ask[Any]], Awaitable[Any]], Struct]:
    """What answers requests for an act, and an example of such an answer."""

    async def act_done(ask: Ask[Any]) -> DoneView:
        return done_view(await _done(act, ask))

    async def imported(ask: Ask[FileBody]) -> ImportView:
        shown = import_view(await _done(act, ask), applied=not ask.body.preview)
        if ask.body.preview:
            raise NotKept(shown)
        return shown

    async def issued(ask: Ask[KeyBody]) -> KeyView:
        return key_view(await _done(act, ask), ask.body.name)

    async def changed(ask: Ask[ChangeBody]) -> ChangeView:
        return change_view((await _done(act, ask)).answer)

    if issubclass(act.body, FileBody):
        return imported, x.IMPORTED
    if act.body is ChangeBody:
        return changed, x.CHANGED
    if act.body is KeyBody:
        return issued, x.ISSUED
    return act_done, x.done(act)


async def _done(act: Act[Any], ask: Ask[Any]) -> Done:
    seen, request = expected(ask.headers), REQUEST.get()
    wish = Wish(actor=ask.actor, body=ask.body, order=ask.name, expected=seen, request_id=request)
    (outcome,) = await ask.given.desk.perform(ask.within, act, [wish])
    return done(outcome)


async def _many(ask: Ask[BatchBody]) -> BatchView:
    act = ACTS[ask.body.act]
    ask.actor.check(act.needs)
    said = _said(act, ask.body)
    request = REQUEST.get()
    wishes = [
        Wish(actor=ask.actor, body=said, order=one.order, expected=one.version, request_id=request)
        for one in ask.body.orders
    ]
    outcomes = await ask.given.desk.perform(ask.within, act, wishes)
    results = tuple(result_view(wish.order, outcome) for wish, outcome in zip(wishes, outcomes, strict=True))
    refused = sum(isinstance(outcome, DoorstepError) for outcome in outcomes)
    view = BatchView(preview=ask.body.preview, done=len(results) - refused, refused=refused, results=results)
    if ask.body.preview:
        raise NotKept(view)
    return view


def _said(act: Act[Any], body: BatchBody) -> Any:
    """What is said with the act for each order."""
    if body.text and act.body is not NoteBody:
        raise Refused("no_text", "Only a note has a text.", {"text": "Only a note has one."})
    fields = {"reason": body.reason} if body.reason else {}
    try:
        return msgspec.convert(fields | ({"text": body.text} if body.text else {}), act.body)
    except msgspec.ValidationError as error:
        raise unreadable(error) from None


def _without_text(view: KeyView) -> KeyView:
    return replace(view, text="")
