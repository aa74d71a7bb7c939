"""From an HTTP request to a page and back: who asks, whether they may, what they sent, what they see."""

import dataclasses
import zlib
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from math import ceil
from urllib.parse import parse_qsl, quote

from msgspec import structs

from doorstep.access.model.actor import ANYBODY
from doorstep.kernel.errors import DoorstepError, Missing, TryLater
from doorstep.kernel.ids import new_secret
from doorstep.storage.gate import Priority
from doorstep.web.asgi import Receive, Scope, Send
from doorstep.web.given import Given
from doorstep.web.language import LANGUAGES, Language, chosen
from doorstep.web.pages.errors import error_page, wait_of
from doorstep.web.pages.forms import first, form_of, read_fields
from doorstep.web.pages.page import Answer, Download, Moved, Page, Shown, Visit, warned
from doorstep.web.pages.rendering import Rendering
from doorstep.web.pages.tokens import Cookies, Header, check_form, pack_said, unpack_said
from doorstep.web.respond import HttpError, Reply, send_reply
from doorstep.web.security import check_headers, is_name, read_body

SIGN_IN = "/sign-in"
CONFIRM = "/console/confirm"
_POLICY: Header = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
)
_HTML: Header = (b"content-type", b"text/html; charset=utf-8")
_PACK_FROM = 1_000
_CART_DAYS = 30


class PageDoor:
    """One URL of the console: it finds out who asks, and turns whatever goes wrong into a page."""

    def __init__(self, pages: Mapping[str, Page], given: Given, rendering: Rendering) -> None:
        self._pages = pages
        self._given = given
        self._rendering = rendering

    async def answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; `name` is the variable part of its URL."""
        headers = dict(scope["headers"])
        client = self._given.network.client(scope, headers)
        cookies = Cookies(is_secure=client.is_secure)
        visit = Visit(
            given=self._given,
            path=scope["path"],
            name=name,
            pairs=(),
            actor=ANYBODY,
            language=self._language(_spoken_to(headers, cookies)),
            secret=cookies.read(headers, "visit"),
            address=client.address,
            is_secure=client.is_secure,
            agent=headers.get(b"user-agent", b"").decode("latin-1")[:200],
            said=unpack_said(cookies.read(headers, "said")),
            cart=_id(cookies.read(headers, "cart")),
        )
        page = self._pages.get("GET" if scope["method"] == "HEAD" else scope["method"])
        to = _Sending(send, scope["method"], headers)
        try:
            visit = await self._known(visit, cookies.read(headers, "session"))
            answer, visit = await self._answer(page, visit, headers, receive, scope)
            reply = None if isinstance(answer, Download) else self._reply(answer, visit, cookies)
        except Exception as error:
            answer = error_page(error, visit)
            reply = self._reply(answer, visit, cookies)
        if reply:
            await to.whole(reply)
        elif isinstance(answer, Download):
            await to.parts(answer)

    async def _answer(
        self, page: Page | None, visit: Visit, headers: Mapping[bytes, bytes], receive: Receive, scope: Scope
    ) -> tuple[Answer, Visit]:
        self._admit(visit, scope, guesses=page is None or page.guesses)
        if not self._pages:
            raise Missing("no_such_page", "There is no page at this address.")
        if page is None:
            raise HttpError(405, "wrong_method", f"This page takes {', '.join(sorted(self._pages))}.")
        visit = self._asked(visit, scope["query_string"])
        if visit.who < page.who:
            return Moved(_sign_in_first(page, visit, scope["query_string"])), visit
        if page.needs:
            visit.actor.check(page.needs)
        if page.is_dangerous and visit.signed_in and not visit.signed_in.is_fresh(visit.now):
            return _password_first(page, visit, scope["query_string"]), visit
        if page.method != "POST":
            return await page.run(visit), visit
        raw = read_fields(await read_body(receive, headers, page.body_bytes_max), headers.get(b"content-type", b""))
        check_form(headers, headers.get(b"host", b""), visit.secret, first(raw, "csrf"))
        return await self._posted(page, dataclasses.replace(visit, sent=raw, once=first(raw, "once")))

    def _asked(self, visit: Visit, query: bytes) -> Visit:
        """The visit with its query, in the language that it names if it names one."""
        pairs = _query(query)
        speaks = dict(pairs).get("lang", "")
        if speaks not in LANGUAGES:
            return dataclasses.replace(visit, pairs=pairs)
        return dataclasses.replace(visit, pairs=pairs, language=self._language(speaks), speaks=speaks)

    def _admit(self, visit: Visit, scope: Scope, *, guesses: bool) -> None:
        """Refused when somebody asks too often or with absurd headers; forms of strangers are counted apart."""
        check_headers(scope["headers"])
        limits = self._given.limits
        if visit.signed_in:
            limits.check_keyed(visit.actor.id)
            return
        limits.check_stranger(visit.address)
        if scope["method"] == "POST" and guesses:
            limits.check_sign_in(visit.address)

    async def _posted(self, page: Page, visit: Visit) -> tuple[Answer, Visit]:
        """What a form leads to; one that is refused is shown again with what was written in it."""
        try:
            if page.form:
                visit = dataclasses.replace(visit, form=form_of(visit.sent, page.form))
            return await page.run(visit), visit
        except DoorstepError as error:
            if page.again is None or (error.status >= 500 and not isinstance(error, TryLater)):
                raise
            return _with_status(await page.again(visit, error), error), visit

    async def _known(self, visit: Visit, token: str) -> Visit:
        """The visit, with who it is if they are signed in."""
        if not token:
            return visit
        async with self._given.database.read() as tx:
            found = await self._given.people.sign_in.whose(tx, token, visit.now)
        if found is None:
            return visit
        if found.is_due_to_be_seen(visit.now):
            async with self._given.database.begin(Priority.REQUEST) as tx:
                await self._given.people.sign_in.seen(tx, found, visit.now)
        return dataclasses.replace(
            visit, actor=found.actor, language=self._language(found.language), secret=token, signed_in=found
        )

    def _language(self, code: str) -> Language:
        store = self._given.plans.in_force.store
        return _spoken(code, store.country, store.time_zone)

    def _reply(self, answer: Shown | Moved, visit: Visit, cookies: Cookies) -> Reply:
        """An answer as it is sent, with the cookies that go with it."""
        if isinstance(answer, Moved):
            return Reply(303, (_POLICY, (b"location", _inner(answer.to)), *_told(answer, cookies)), b"")
        headers = [_POLICY, _HTML, *_waiting(answer.wait_seconds), *_cart(answer, cookies)]
        if visit.speaks:
            headers.append(cookies.set("language", visit.speaks, days=365))
        if visit.said:
            headers.append(cookies.forget("said"))
        if answer.session:
            visit = dataclasses.replace(visit, secret=answer.session)
            headers.append(cookies.set("session", answer.session))
        if not visit.secret:
            visit = dataclasses.replace(visit, secret=new_secret())
            headers.append(cookies.set("visit", visit.secret, same_site="Strict"))
        return Reply(answer.status, tuple(headers), self._rendering.page(answer, visit))


class _Sending:
    """Sends answers, packed for those who can unpack them."""

    def __init__(self, send: Send, method: str, headers: Mapping[bytes, bytes]) -> None:
        self._send = send
        self._method = method
        self._packs = b"gzip" in headers.get(b"accept-encoding", b"")

    async def whole(self, reply: Reply) -> None:
        """A page, or on to another."""
        if self._packs and len(reply.body) >= _PACK_FROM:
            packing = zlib.compressobj(5, wbits=31)
            body = packing.compress(reply.body) + packing.flush()
            headers = (*reply.headers, (b"content-encoding", b"gzip"), (b"vary", b"accept-encoding, accept-language"))
            reply = Reply(reply.status, headers, body)
        await send_reply(self._send, reply, self._method)

    async def parts(self, download: Download) -> None:
        """A file, piece by piece."""
        filename = quote(download.filename, safe="")
        headers = [
            (b"content-type", download.content_type.encode()),
            (b"content-disposition", f"attachment; filename*=UTF-8''{filename}".encode()),
        ]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        async for part in _nothing_for_head(download.parts, self._method):
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


async def _nothing_for_head(parts: AsyncIterator[bytes], method: str) -> AsyncIterator[bytes]:
    if method != "HEAD":
        async for part in parts:
            yield part


@lru_cache
def _spoken(code: str, country: str, time_zone: str) -> Language:
    return Language(code, country, time_zone)


def _query(raw: bytes) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=500, errors="strict"))
    except ValueError:
        raise HttpError(400, "malformed_query", "The part of the URL after ? cannot be read.") from None


def _sign_in_first(page: Page, visit: Visit, query: bytes) -> str:
    """Where to sign in, and then to go on: to the page that was asked for, or from a form to the console."""
    if page.method != "GET":
        return SIGN_IN
    wanted = visit.path + (f"?{query.decode('latin-1')}" if query else "")
    return f"{SIGN_IN}?next={quote(wanted, safe='/')}"


def _password_first(page: Page, visit: Visit, query: bytes) -> Moved:
    """Where to give the password once more, and then to go on. What was sent with a form is not done."""
    if page.method == "GET":
        wanted = visit.path + (f"?{query.decode('latin-1')}" if query else "")
        return Moved(f"{CONFIRM}?next={quote(wanted, safe='/')}")
    wanted = (page.stands_at or page.path).replace("{name}", visit.name)
    said = visit.language("Nothing is done yet: give your password once more, then send the form again.")
    return Moved(f"{CONFIRM}?next={quote(wanted, safe='/')}", warned(said))


def _waiting(seconds: float) -> list[Header]:
    return [(b"retry-after", str(max(1, ceil(seconds))).encode())] if seconds else []


def _told(answer: Moved, cookies: Cookies) -> tuple[Header, ...]:
    headers: list[Header] = [*_cart(answer, cookies)]
    if answer.said:
        headers.append(cookies.set("said", pack_said(answer.said)))
    if answer.session:
        headers += [cookies.set("session", answer.session), cookies.forget("visit")]
    elif answer.session is not None:
        headers.append(cookies.forget("session"))
    return tuple(headers)


def _cart(answer: Shown | Moved, cookies: Cookies) -> tuple[Header, ...]:
    """The cookie that holds a checkout, or that there is none any more. The server knows when the checkout ends."""
    if answer.cart is None:
        return ()
    return (cookies.set("cart", answer.cart, days=_CART_DAYS) if answer.cart else cookies.forget("cart"),)


def _id(text: str) -> str:
    """What a cookie says, if it can be an id."""
    return text if is_name(text) else ""


def _spoken_to(headers: Mapping[bytes, bytes], cookies: Cookies) -> str:
    """The language that was chosen in this browser, else what it asks for."""
    return chosen(headers.get(b"accept-language", b"").decode("latin-1"), cookies.read(headers, "language"))


def _inner(path: str) -> bytes:
    """A place on this site: never another host, whatever was asked for."""
    safe = path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
    return quote(safe, safe="/?&=%:,.~-_+#").encode()


def _with_status(answer: Answer, error: DoorstepError) -> Answer:
    if not isinstance(answer, Shown):
        return answer
    return structs.replace(answer, status=error.status, wait_seconds=wait_of(error))
