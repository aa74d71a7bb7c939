"""Sends e-mail through a mail server.

A few connections are kept and used again; one that the server closed meanwhile is noticed before the message's text
goes out, and a fresh one is tried at once. Nothing here can tell whether a message arrived twice, so what ended without
an answer after the text went out is UNKNOWN.
"""

import asyncio

from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from msgspec import Struct

from doorstep.kernel.clock import Clock, MachineClock
from doorstep.plug.notification import Message, SendOutcome, SendVerdict
from doorstep.providers.smtp_message import Letter, MailSecurity, SmtpSettings, answered, broken_off, letter

_IDLE_SECONDS_MAX = 30.0
_UTF8_OPTIONS = ("SMTPUTF8", "BODY=8BITMIME")
_BREAKS = (SMTPException, OSError, TimeoutError)


class _Line(Struct):
    """One connection: whether it served before, when it was last used, and how far it is with the letter at hand."""

    client: SMTP
    used_at: float = 0.0
    data_sent: bool = False

    @property
    def used(self) -> bool:
        """Whether a letter went through here before."""
        return self.used_at > 0


class SmtpMail:
    """A notification provider over SMTP. At most `connections_max` letters are on their way at a time."""

    name = "smtp"
    can_deduplicate = False

    def __init__(self, settings: SmtpSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or MachineClock()
        self._idle: list[_Line] = []
        self._slots = asyncio.Semaphore(settings.connections_max)

    async def send(self, message: Message) -> SendOutcome:
        """Hand a message over to the mail server."""
        ready = letter(message, self._settings, self._clock.now())
        if isinstance(ready, str):
            return SendOutcome(verdict=SendVerdict.REFUSED, reason=ready)
        line: _Line | None = None
        try:
            async with asyncio.timeout(self._settings.timeout_seconds), self._slots:
                line = self._take()
                outcome = await self._deliver(line, ready)
                if outcome.verdict is SendVerdict.LATER and line.used and not line.data_sent:
                    line = self._fresh()
                    outcome = await self._deliver(line, ready)
                return outcome
        except TimeoutError:
            return broken_off("timed out", data_sent=line is not None and line.data_sent)

    async def close(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            self._idle.pop().client.close()

    async def _deliver(self, line: _Line, ready: Letter) -> SendOutcome:
        """Send one letter over one connection, and keep the connection only if all went well."""
        kept = False
        try:
            outcome = await self._talk(line, ready)
            kept = outcome.verdict is SendVerdict.SENT
        finally:
            self._put_back(line) if kept else line.client.close()
        return outcome

    async def _talk(self, line: _Line, ready: Letter) -> SendOutcome:
        try:
            if not line.client.is_connected:
                await line.client.connect()
            if line.client.is_ehlo_or_helo_needed:
                await line.client.ehlo()
        except _BREAKS as error:
            return broken_off(f"no connection: {_said(error)}", data_sent=False)
        if ready.utf8 and not line.client.supports_extension("smtputf8"):
            return SendOutcome(verdict=SendVerdict.REFUSED, reason="the mail server takes only ASCII addresses")
        try:
            await _envelope(line.client, ready)
            line.data_sent = True
            await line.client.data(ready.body)
        except SMTPResponseException as error:
            return answered(error.code, error.message) if error.code > 0 else _broken(error, line)
        except _BREAKS as error:
            return _broken(error, line)
        return SendOutcome(verdict=SendVerdict.SENT, reference=ready.message_id)

    def _take(self) -> _Line:
        oldest = asyncio.get_running_loop().time() - _IDLE_SECONDS_MAX
        while self._idle:
            line = self._idle.pop()
            if line.client.is_connected and line.used_at > oldest:
                line.data_sent = False
                return line
            line.client.close()
        return self._fresh()

    def _put_back(self, line: _Line) -> None:
        line.used_at = asyncio.get_running_loop().time()
        self._idle.append(line)

    def _fresh(self) -> _Line:
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password or None,
            timeout=settings.timeout_seconds,
            use_tls=settings.security is MailSecurity.TLS,
            start_tls=settings.security is MailSecurity.STARTTLS,
        )
        return _Line(client)


async def _envelope(client: SMTP, ready: Letter) -> None:
    options, encoding = (_UTF8_OPTIONS, "utf-8") if ready.utf8 else ((), "ascii")
    await client.mail(ready.sender, options=options, encoding=encoding)
    await client.rcpt(ready.recipient, encoding=encoding)


def _broken(error: Exception, line: _Line) -> SendOutcome:
    return broken_off(_said(error), data_sent=line.data_sent)


def _said(error: Exception) -> str:
    """An error in words that hold no secret: what the library raises never quotes the password."""
    return str(error) or type(error).__name__
