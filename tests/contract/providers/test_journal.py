"""What a journal holds outlives the process, is shared by several, and survives a death in the middle of a line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from doorstep.plug.payment import PaymentAct, PaymentVerdict
from doorstep.providers.journal import JournalUnreadable
from doorstep.providers.kept_messages import KeptMessages
from doorstep.providers.sandbox_carrier import SandboxCarrier
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.contract.providers.asking import authorization, enquire, label, message, payment


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def add(journal: Path, text: bytes) -> None:
    """Write at the end of a journal, as a process does that dies while it writes."""
    with journal.open("ab") as file:
        file.write(text)


def rights(journal: Path) -> int:
    """Who may do what with a file."""
    return journal.stat().st_mode & 0o777


async def test_the_bank_remembers_after_a_restart(journal: Path) -> None:
    before = SandboxPayments(journal)
    first = await before.call(authorization())
    await before.call(payment(PaymentAct.CAPTURE, "cap", 700, reference=first.reference))
    await before.close()
    after = SandboxPayments(journal)
    assert await after.call(authorization()) == first
    rest = await after.call(payment(PaymentAct.CAPTURE, "cap-2", 301, reference=first.reference))
    assert rest.verdict is PaymentVerdict.DECLINED
    assert [movement.key for movement in after.books()] == ["pay-1", "cap"]


async def test_a_timeout_is_settled_after_a_restart(journal: Path) -> None:
    await SandboxPayments(journal).call(authorization("timeout"))
    outcome = await enquire(SandboxPayments(journal))
    assert outcome.verdict is PaymentVerdict.SUCCEEDED


async def test_enquiries_are_counted_across_restarts(journal: Path) -> None:
    await SandboxPayments(journal).call(authorization("late:3"))
    verdicts = [(await enquire(SandboxPayments(journal))).verdict for _ in range(3)]
    assert verdicts == [PaymentVerdict.PENDING, PaymentVerdict.PENDING, PaymentVerdict.SUCCEEDED]


async def test_two_banks_of_one_journal_see_each_other(journal: Path) -> None:
    one, other = SandboxPayments(journal), SandboxPayments(journal)
    outcome = await one.call(authorization())
    assert await other.call(authorization()) == outcome
    await other.call(payment(PaymentAct.CAPTURE, "cap", 1000, reference=outcome.reference))
    more = await one.call(payment(PaymentAct.CAPTURE, "cap-2", 1, reference=outcome.reference))
    assert more.verdict is PaymentVerdict.DECLINED
    assert one.books() == other.books()


def test_processes_that_share_a_journal_move_money_once_for_a_key(journal: Path) -> None:
    rounds, names = 500, ("a", "b", "c")
    command = [sys.executable, "-m", "tests.contract.providers.shared_bank", str(journal)]
    processes = [
        subprocess.Popen([*command, name, str(rounds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in names
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0].splitlines() for process in processes]
    keys = [movement.key for movement in SandboxPayments(journal).books()]
    expected = {f"{who}-{number}" for who in ("shared", *names) for number in range(rounds)}
    assert len(keys) == len(set(keys)) == len(expected)
    assert set(keys) == expected
    assert [len(lines) for lines in told] == [2 * rounds] * len(names)


@pytest.mark.parametrize("torn", [b"{", b'{"type":"payment","key":"pay-2","act":"autho', b"\xff\xfe"])
async def test_a_torn_last_line_is_cut_off(journal: Path, torn: bytes) -> None:
    await SandboxPayments(journal).call(authorization())
    add(journal, torn)
    bank = SandboxPayments(journal)
    await bank.call(authorization(key="pay-2"))
    assert [movement.key for movement in SandboxPayments(journal).books()] == ["pay-1", "pay-2"]


async def test_a_running_bank_cuts_off_what_another_left_torn(journal: Path) -> None:
    bank = SandboxPayments(journal)
    await bank.call(authorization())
    add(journal, b'{"type":"pay')
    await bank.call(authorization(key="pay-2"))
    assert [movement.key for movement in SandboxPayments(journal).books()] == ["pay-1", "pay-2"]


def test_a_file_that_is_no_journal_is_named(journal: Path) -> None:
    journal.write_text("hello\n")
    with pytest.raises(JournalUnreadable, match=r"journal\.jsonl"):
        SandboxPayments(journal)


async def test_the_journal_of_another_provider_is_refused(journal: Path) -> None:
    await SandboxCarrier(journal).buy_label(label())
    with pytest.raises(JournalUnreadable):
        SandboxPayments(journal)


async def test_a_journal_that_was_shortened_is_noticed(journal: Path) -> None:
    bank = SandboxPayments(journal)
    await bank.call(authorization())
    os.truncate(journal, 0)
    with pytest.raises(JournalUnreadable, match="shorter"):
        await bank.call(authorization(key="pay-2"))


async def test_the_carrier_remembers_after_a_restart(journal: Path) -> None:
    first = await SandboxCarrier(journal).buy_label(label(instructions="timeout"))
    second = await SandboxCarrier(journal).buy_label(label(instructions="timeout"))
    assert (first.verdict, second.verdict) == ("unknown", "bought")
    assert len(SandboxCarrier(journal).books()) == 1


async def test_kept_messages_are_kept_after_a_restart(journal: Path) -> None:
    await KeptMessages(journal).send(message(text="Grüße"))
    await KeptMessages(journal).send(message(text="another text, the same key"))
    assert KeptMessages(journal).messages() == (message(text="Grüße"),)


async def test_only_the_owner_can_read_a_journal(journal: Path) -> None:
    await KeptMessages(journal).send(message())
    assert rights(journal) == 0o600
