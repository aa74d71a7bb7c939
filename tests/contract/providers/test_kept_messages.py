"""Kept messages can be read again, one for each key."""

from doorstep.providers.kept_messages import KeptMessages
from tests.contract.providers.asking import message


async def test_messages_are_read_by_order() -> None:
    kept = KeptMessages()
    first, second, third = message("a"), message("b", order_number="D-2"), message("c")
    for each in (first, second, third):
        await kept.send(each)
    assert kept.messages() == (first, second, third)
    assert kept.messages("D-1") == (first, third)
    assert kept.messages("D-9") == ()


async def test_the_first_message_of_a_key_stands() -> None:
    kept = KeptMessages()
    outcomes = [await kept.send(message("a", text=text)) for text in ("first", "second")]
    assert outcomes[0] == outcomes[1]
    assert [each.text for each in kept.messages()] == ["first"]
