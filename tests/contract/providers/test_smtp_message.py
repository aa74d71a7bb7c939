"""Whatever a message says, it becomes one letter with exactly our header fields, or it is refused."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from doorstep.providers.smtp_message import Letter, SmtpSettings, letter
from tests.contract.providers.asking import message

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
SETTINGS = SmtpSettings(host="mail.example", sender="Shop <shop@example.com>")
FIELDS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
OF_THE_TEXT = {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}


@given(st.text(max_size=300), st.text(max_size=100))
@example("Ihre Bestellung " * 18, "Größe & Söhne, Inc.")
@example("=?utf-8?q?Hello=0ABcc:_all=40example.com?=", "=?utf-8?q?a=0D=0ABcc:_all=40example.com?=")
def test_no_subject_or_sender_adds_a_header_field(subject: str, sender: str) -> None:
    ready = letter(replace(message(), subject=subject, sender=sender), SETTINGS, NOON)
    if isinstance(ready, Letter):
        mail = message_from_bytes(ready.body, policy=default)
        assert set(mail.keys()) == FIELDS | OF_THE_TEXT
        assert mail["To"] == "ada@example.com"
        assert mail.get_content().splitlines() == ["Thank you."]


@given(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=200))
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    ready = letter(replace(message(), subject=f"Order {subject}"), SETTINGS, NOON)
    assert isinstance(ready, Letter)
    assert message_from_bytes(ready.body, policy=default)["Subject"] == f"Order {subject}"


@given(st.text(max_size=2000))
def test_lines_fit_the_wire(text: str) -> None:
    ready = letter(replace(message(), text=text), SETTINGS, NOON)
    assert isinstance(ready, Letter)
    assert ready.body.isascii()
    assert max(map(len, ready.body.splitlines())) <= 998


@given(st.text(max_size=100))
def test_any_recipient_is_an_address_or_refused(recipient: str) -> None:
    ready = letter(replace(message(), recipient=recipient), SETTINGS, NOON)
    assert isinstance(ready, str) or ready.recipient.count("@") == 1
