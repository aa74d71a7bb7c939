"""A mail server on loopback whose answers a test decides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from doorstep.providers.smtp_message import MailSecurity, SmtpSettings

DROP = "drop the connection"
HANG = "never answer"


class MailServer:
    """Answers RCPT and DATA as it is told, and keeps what it received."""

    def __init__(self) -> None:
        self.on_recipient = "250 OK"
        self.on_data = "250 OK"
        self.password = "correct horse"
        self.received: list[EmailMessage] = []
        self.envelopes: list[tuple[str, str]] = []
        self.connections = 0
        self.port = 0
        self._sessions: list[SMTP] = []

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, *address: str) -> str:
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address[0])
        return await self._answer(server, self.on_recipient)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.on_data.startswith("250"):
            content = cast("bytes", envelope.original_content)
            self.received.append(message_from_bytes(content, policy=default))
            self.envelopes.append((str(envelope.mail_from), envelope.rcpt_tos[0]))
        return await self._answer(server, self.on_data)

    def settings(self, timeout_seconds: float = 5.0) -> SmtpSettings:
        """How a provider reaches this server."""
        return SmtpSettings(
            host="127.0.0.1",
            port=self.port,
            sender="Shop <shop@example.com>",
            security=MailSecurity.NONE,
            timeout_seconds=timeout_seconds,
        )

    def accept(self) -> SMTP:
        """One more connection."""
        self.connections += 1
        session = SMTP(
            self, hostname="localhost", enable_SMTPUTF8=True, auth_require_tls=False, authenticator=self._authenticate
        )
        self._sessions.append(session)
        return session

    def drop_all(self) -> None:
        """Close every connection, as a server does that was idle for long."""
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()

    def _authenticate(self, *login: object) -> AuthResult:
        password = cast("LoginPassword", login[-1]).password
        return AuthResult(success=password == self.password.encode(), handled=False)

    async def _answer(self, server: SMTP, answer: str) -> str:
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == DROP:
            cast("asyncio.Transport", server.transport).abort()
        return answer


@asynccontextmanager
async def running_mail_server() -> AsyncIterator[MailServer]:
    """A mail server for the length of a test."""
    mail = MailServer()
    server = await asyncio.get_running_loop().create_server(mail.accept, "127.0.0.1", 0)
    mail.port = server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        mail.drop_all()
        server.close()
        await server.wait_closed()
