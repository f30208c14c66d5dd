"""What every reader of a kind of file is given and gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from forum.core.i18n import _

MOST_ROWS = 1_000
"""Rows of a table that are taken: more is data, and no rule."""
MOST_PICTURES = 100


class Refused(Exception):
    """A file that is not taken in, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes, where it lies, and the folder that nothing it names may lie outside of."""

    raw: bytes
    path: Path
    root: Path


@dataclass(slots=True)
class Draft:
    """What a reader made of a file. Pictures stand in the text as `import:0`, `import:1`…

    `is_titled`: its first heading is the title of the whole. Notes stand beside their lines.
    """

    source: str
    title: str = ""
    is_titled: bool = False
    facts: dict[str, str] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)

    def note(self, line: int, sentence: str) -> None:
        """Tell of something that was not understood, once."""
        if (line, sentence) not in self.notes:
            self.notes.append((line, sentence))

    def show(self, picture: bytes, line: int) -> str:
        """Keep a picture; its address in the text, nothing for one too many."""
        if len(self.pictures) >= MOST_PICTURES:
            self.note(line, _("It has too many pictures; the rest was left out."))
            return ""
        self.pictures.append(picture)
        return f"import:{len(self.pictures) - 1}"


def beside(source: Source, address: str) -> bytes | None:
    """A picture that a text names by a path beside itself; None where there is none inside the
    folder that is imported, or where it cannot be read."""
    try:
        place = (source.path.parent / address).resolve()
        if not place.is_relative_to(source.root.resolve()) or not place.is_file():
            return None
        return place.read_bytes() if place.stat().st_size <= 20_000_000 else None
    # A name may be no name at all: too long, with a zero in it, a link that leads to itself.
    except (OSError, ValueError, RuntimeError):
        return None


def text_of(raw: bytes) -> str:
    """A file of text. Raises Refused where it is something else under this name."""
    if raw.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")):
        raise Refused(_("This file is not what its name says."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("This file is not UTF-8.")) from None
    if "\x00" in text:
        raise Refused(_("This file is not what its name says."))
    return text
