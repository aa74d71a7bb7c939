"""E-mail goes out once, and every answer of a mail server is told apart."""

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from doorstep.kernel.clock import SimulatedClock
from doorstep.plug.notification import SendVerdict
from doorstep.providers.smtp import SmtpMail
from doorstep.providers.smtp_message import MailSecurity, SmtpSettings
from tests.contract.providers.asking import message
from tests.contract.providers.mail_server import DROP, HANG, MailServer

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)


async def test_a_message_arrives_with_what_it_must_say(mail_server: MailServer) -> None:
    provider = SmtpMail(mail_server.settings(), SimulatedClock(NOON))
    outcome = await provider.send(message(text="Grüße 👟\n"))
    await provider.close()
    mail = mail_server.received[0]
    assert (mail["From"], mail["To"], mail["Subject"]) == ("Shop <shop@example.com>", "ada@example.com", "Your order")
    assert (mail["Date"].datetime, mail["Auto-Submitted"]) == (NOON, "auto-generated")
    assert mail["Message-ID"] == outcome.reference
    assert mail.get_content().splitlines() == ["Grüße 👟"]
    assert mail_server.envelopes == [("shop@example.com", "ada@example.com")]


async def test_the_message_id_follows_from_the_key(mail_server: MailServer) -> None:
    provider = SmtpMail(mail_server.settings())
    references = [(await provider.send(message(key=key))).reference for key in ("a", "a", "b")]
    await provider.close()
    assert references[0] == references[1] != references[2]
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.com>", references[0])


ANSWERS = [
    ("on_recipient", "550 No such user", SendVerdict.REFUSED, "550 No such user"),
    ("on_recipient", "451 Come back later", SendVerdict.LATER, "451 Come back later"),
    ("on_recipient", DROP, SendVerdict.LATER, ""),
    ("on_recipient", HANG, SendVerdict.LATER, ""),
    ("on_data", "554 Looks like spam", SendVerdict.REFUSED, "554 Looks like spam"),
    ("on_data", "452 Mailbox full", SendVerdict.LATER, "452 Mailbox full"),
    ("on_data", DROP, SendVerdict.UNKNOWN, ""),
    ("on_data", HANG, SendVerdict.UNKNOWN, ""),
]


@pytest.mark.parametrize(("at", "answer", "verdict", "reason"), ANSWERS)
async def test_each_answer_has_its_verdict(
    mail_server: MailServer, at: str, answer: str, verdict: SendVerdict, reason: str
) -> None:
    setattr(mail_server, at, answer)
    provider = SmtpMail(mail_server.settings(timeout_seconds=0.3))
    outcome = await provider.send(message())
    await provider.close()
    assert outcome.verdict is verdict
    assert reason in outcome.reason
    assert mail_server.received == []


async def test_no_server_is_later() -> None:
    settings = SmtpSettings(host="127.0.0.1", port=1, sender="shop@example.com", timeout_seconds=2)
    outcome = await SmtpMail(settings).send(message())
    assert outcome.verdict is SendVerdict.LATER


async def test_no_encryption_where_it_is_demanded_is_later(mail_server: MailServer) -> None:
    settings = replace(mail_server.settings(), security=MailSecurity.STARTTLS)
    outcome = await SmtpMail(settings).send(message())
    assert outcome.verdict is SendVerdict.LATER
    assert mail_server.received == []


@pytest.mark.parametrize(("password", "verdict"), [("correct horse", SendVerdict.SENT), ("hunter2", SendVerdict.LATER)])
async def test_a_wrong_password_is_later_and_not_shown(
    mail_server: MailServer, password: str, verdict: SendVerdict
) -> None:
    provider = SmtpMail(replace(mail_server.settings(), username="shop", password=password))
    outcome = await provider.send(message())
    await provider.close()
    assert outcome.verdict is verdict
    assert password not in outcome.reason


async def test_a_connection_is_used_again(mail_server: MailServer) -> None:
    provider = SmtpMail(mail_server.settings())
    for key in ("a", "b", "c"):
        await provider.send(message(key=key))
    await provider.close()
    assert (mail_server.connections, len(mail_server.received)) == (1, 3)


async def test_a_connection_that_the_server_closed_is_replaced(mail_server: MailServer) -> None:
    provider = SmtpMail(mail_server.settings())
    await provider.send(message(key="a"))
    mail_server.drop_all()
    outcome = await provider.send(message(key="b"))
    await provider.close()
    assert outcome.verdict is SendVerdict.SENT
    assert (mail_server.connections, len(mail_server.received)) == (2, 2)


@pytest.mark.parametrize(
    ("recipient", "arrived_at"),
    [("ada@müller.example", "ada@xn--mller-kva.example"), ("añá@example.com", "añá@example.com")],
)
async def test_addresses_in_every_script(mail_server: MailServer, recipient: str, arrived_at: str) -> None:
    provider = SmtpMail(mail_server.settings())
    outcome = await provider.send(replace(message(), recipient=recipient))
    await provider.close()
    assert outcome.verdict is SendVerdict.SENT
    assert mail_server.envelopes[0][1] == arrived_at


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "ada",
        "a@b@c.example",
        "a@b.example, c@d.example",
        "Ada <ada@example.com>",
        "a..b@example.com",
        "ada@",
        "a b@c.example",
    ],
)
async def test_what_is_not_one_address_is_refused(mail_server: MailServer, recipient: str) -> None:
    outcome = await SmtpMail(mail_server.settings()).send(replace(message(), recipient=recipient))
    assert outcome.verdict is SendVerdict.REFUSED
    assert mail_server.connections == 0


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"])
@pytest.mark.parametrize("field", ["subject", "recipient", "sender"])
async def test_no_line_break_gets_into_a_header(mail_server: MailServer, field: str, mark: str) -> None:
    attack = replace(message(), **{field: f"ada@example.com{mark}Bcc: all@example.com"})
    outcome = await SmtpMail(mail_server.settings()).send(attack)
    assert outcome.verdict is SendVerdict.REFUSED
    assert mail_server.connections == 0


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("help@shop.example", "help@shop.example"),
        ("Help <help@shop.example>", "Help <help@shop.example>"),
        ("Blue Shoes, Inc.", '"Blue Shoes, Inc." <shop@example.com>'),
    ],
)
async def test_a_message_may_name_its_sender(mail_server: MailServer, sender: str, shown: str) -> None:
    provider = SmtpMail(mail_server.settings())
    await provider.send(replace(message(), sender=sender))
    await provider.close()
    assert mail_server.received[0]["From"] == shown
    assert mail_server.envelopes[0][0] == "shop@example.com"


def test_settings_do_not_show_the_password() -> None:
    settings = SmtpSettings(host="mail.example", sender="shop@example.com", username="shop", password="hunter2")
    assert "hunter2" not in repr(settings) + str(settings) + repr(SmtpMail(settings))


def test_a_password_does_not_cross_the_network_in_the_clear() -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        SmtpSettings(host="mail.example", sender="a@b.example", password="hunter2", security=MailSecurity.NONE)


def test_a_sender_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="not a sender"):
        SmtpSettings(host="mail.example", sender="Shop")
