"""The texts of all pages, and the sentences of the journey that shoppers read, gathered from templates and code into
catalogs: `python -m doorstep.web.catalogs`.
"""

import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from doorstep.journey.overview.why import WHY_TEXTS
from doorstep.web.language import LANGUAGES

WEB = Path(__file__).parent
HOUSE = WEB.parent
TEXTS = WEB / "texts"
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "plural": (1, 2),
    "marked": None,
    "language": None,
    "say": None,
    "phrase": None,
}
_METHODS = (
    ("jinja2.ext:babel_extract", WEB, "templates/**/*.html"),
    ("python", WEB, "pages/**/*.py"),
    ("python", WEB, "*.py"),
    ("python", HOUSE, "journey/**/*.py"),
)
"""How texts are found, in which folder, in which files: what shoppers read of the journey are phrases."""

_OPTIONS = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}


def found() -> Catalog:
    """Every text that people may be shown, with where it stands."""
    catalog = Catalog(project="Doorstep", fuzzy=False, charset="utf-8")
    for place, line, message in _messages():
        catalog.add(message, locations=[(place, line)])
    for text in WHY_TEXTS.values():
        catalog.add(text, locations=[("reasons", 0)])
    return catalog


def brought_up_to_date(code: str) -> bytes:
    """A language's catalog with exactly the texts that there are; those that are missing are left empty."""
    path = TEXTS / f"{code}.po"
    known = read_po(BytesIO(path.read_bytes()), locale=code) if path.exists() else Catalog(locale=code)
    fresh = Catalog(locale=code, project="Doorstep", fuzzy=False, charset="utf-8", header_comment="")
    for message in found():
        if message.id:
            before = known.get(message.id)
            said = before.string if before else ""
            fresh.add(message.id, said, locations=[(place, 0) for place, _ in message.locations])
    written = BytesIO()
    write_po(written, fresh, sort_output=True, omit_header=False, width=118, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((b'"POT-Creation', b'"PO-Revision', b'"Generated')))


def _messages() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    for method, folder, pattern in _METHODS:
        for path in sorted(folder.glob(pattern)):
            with path.open("rb") as file:
                for line, message, _, _ in extract(method, file, keywords=_KEYWORDS, options=_OPTIONS):
                    yield path.relative_to(folder).as_posix(), line, message


def main() -> None:
    """Bring every catalog up to date."""
    TEXTS.mkdir(exist_ok=True)
    for code in LANGUAGES:
        if code != "en":
            (TEXTS / f"{code}.po").write_bytes(brought_up_to_date(code))
            sys.stdout.write(f"{code}: {sum(1 for one in found() if one.id)} texts\n")


if __name__ == "__main__":
    main()
