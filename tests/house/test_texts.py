"""Every text of the pages is in every catalog, translated, with the same names to be filled in."""

import ast
import re
from io import BytesIO

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from doorstep.web.catalogs import TEXTS, brought_up_to_date
from doorstep.web.language import LANGUAGES
from tests.house.source import report, sources

TRANSLATED = [code for code in LANGUAGES if code != "en"]
_NAMES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def messages(code: str) -> list[Message]:
    """The messages of a catalog, its header apart."""
    return [message for message in read_po(BytesIO((TEXTS / f"{code}.po").read_bytes()), locale=code) if message.id]


def names(texts: str | tuple[str, ...] | list[str]) -> set[str]:
    """What is filled in to a text, or to its forms."""
    return {name for text in ([texts] if isinstance(texts, str) else texts) for name in _NAMES.findall(text)}


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalog_has_exactly_the_texts_that_there_are(code: str) -> None:
    assert (TEXTS / f"{code}.po").read_bytes() == brought_up_to_date(code), "Gather the texts anew: make texts"


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated(code: str) -> None:
    forms = [
        (message.id, [message.string] if isinstance(message.string, str) else message.string)
        for message in messages(code)
    ]
    silent = [str(text) for text, said in forms if not said or not all(said)]
    assert not silent, report(silent, f"Translate them in src/doorstep/web/texts/{code}.po.")


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_is_filled_in_as_its_text_is(code: str) -> None:
    wrong = [str(one.id) for one in messages(code) if one.string and not names(one.string) <= names(one.id)]
    assert not wrong, report(wrong, "Use the names of the text itself in its translation.")


def test_sentences_are_literals() -> None:
    made_up = [
        source.at(node.lineno, ast.unparse(node))
        for source in sources("src")
        for node in source.nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "phrase" and not _is_literal(node)
    ]
    assert not made_up, report(made_up, 'Write phrase("a text with {names}", names=...): it is found for the catalogs.')


def _is_literal(call: ast.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0], ast.Constant)
