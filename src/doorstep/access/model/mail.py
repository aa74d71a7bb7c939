"""What is mailed to the staff: the texts, in each language of the console. Pure."""

from collections.abc import Mapping

from msgspec import Struct

from doorstep.access.model.links import Purpose
from doorstep.messages.model import NO_LINK


class Letter(Struct, frozen=True, kw_only=True):
    """A mail with a link to one person. `key` names it for ever; it carries nothing by which the link can be guessed.

    The link is in here until the mail is sent, or until it works no more at `useless_at_ms`.
    """

    key: str
    purpose: Purpose
    staff_id: str
    recipient: str
    language: str
    name: str
    link: str
    useless_at_ms: int
    this_try: int = 0

    def __repr__(self) -> str:
        """Without the link."""
        return f"Letter({self.key})"


class Said(Struct, frozen=True):
    """A subject and a text, with {name}, {store} and {link} to be filled in."""

    subject: str
    text: str


TEXTS: Mapping[tuple[Purpose, str], Said] = {
    (Purpose.INVITATION, "en"): Said(
        "You are invited to {store}",
        "Hello {name},\n\nyou are invited to work in {store}. Please choose a password within 7 days:\n\n{link}\n\n"
        "The link works once. If you do not know what this is about, leave it alone.",
    ),
    (Purpose.INVITATION, "de"): Said(
        "Einladung zu {store}",
        "Guten Tag {name},\n\nSie sind eingeladen, bei {store} mitzuarbeiten. Bitte wählen Sie innerhalb von 7 Tagen "
        "ein Passwort:\n\n{link}\n\nDer Link gilt einmal. Wissen Sie nicht, worum es geht, lassen Sie ihn unbenutzt.",
    ),
    (Purpose.RESET, "en"): Said(
        "Choose another password for {store}",
        "Hello {name},\n\nsomebody, probably you, asked for another password for {store}. Choose it within an hour:\n\n"
        "{link}\n\nThe link works once. If it was not you, leave it alone: your password stays as it is.",
    ),
    (Purpose.RESET, "de"): Said(
        "Neues Passwort für {store}",
        "Guten Tag {name},\n\njemand, vermutlich Sie selbst, hat für {store} ein neues Passwort angefordert. Bitte "
        "wählen Sie es innerhalb einer Stunde:\n\n{link}\n\nDer Link gilt einmal. Wenn Sie es nicht waren, lassen Sie "
        "ihn unbenutzt: Ihr Passwort bleibt, wie es ist.",
    ),
}


def said(letter: Letter, store: str) -> Said:
    """What a letter says, as it is kept: without its link."""
    text = TEXTS[letter.purpose, letter.language]
    filled = {"name": letter.name or letter.recipient, "store": store, "link": NO_LINK}
    return Said(text.subject.format_map(filled), text.text.format_map(filled))
