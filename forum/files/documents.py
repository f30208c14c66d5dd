"""Documents told by what they hold, never by their name alone, and refused with the reason."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from forum.core.db import assert_no_write_open
from forum.core.errors import Invalid
from forum.core.i18n import _, lazy
from forum.files import packages
from forum.files.kinds import BY_ENDING, PDF, PICTURE_ENDINGS, TEXTS, Kind, ending_of
from forum.files.names import clean_name, last_part
from forum.files.packages import Fault, Refused
from forum.files.plaintext import decoded

UNKNOWN = lazy(
    "The forum does not take files of this type. Send a picture, a PDF, a text, or a Word, Excel, "
    "PowerPoint or OpenDocument file."
)
EMPTY = lazy("This file is empty.")
LOCKED = lazy("This file is protected by a password. Save it without one and send it again.")
OLD = lazy(
    "This is an Office file of the old format, or one with a password. Save it as .docx, .xlsx or "
    ".pptx without a password and send it again."
)
MORE = lazy("This PDF holds something else besides. Save it as a PDF again and send that.")
SENTENCES = {
    Fault.BROKEN: lazy("This file is damaged. Open it, save it again and send that."),
    Fault.LOCKED: LOCKED,
    Fault.MACROS: lazy("This file holds macros. Save it without them and send it again."),
    Fault.BOMB: lazy("This file unfolds into far more than it is. Send a smaller one."),
    Fault.FOREIGN: lazy("There are programs or archives in this file. Send it without them."),
}
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:<<|[0-9]+\s+[0-9]+\s+R)")
_PDF_END = re.compile(rb"%%EOF[\s\x00]*\Z")
_BEFORE_PDF = b"\xef\xbb\xbf \t\r\n"
"""What some programs write before a PDF begins."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
# What a browser or a system would take for more than text.
_ACTIVE = re.compile(r"\s*(<!doctype|<html|<svg|<script|<\?xml|<\?php|#!|\{\\rtf)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A document ready to be kept, as it was sent; only its name was cleaned."""

    content: bytes
    kind: Kind
    name: str
    width: int = 0
    height: int = 0

    @property
    def sha256(self) -> str:
        """What the file is called on the disk."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def media_type(self) -> str:
        """What it is sent as."""
        return self.kind.media_type


def is_picture(raw: bytes) -> bool:
    """Whether the first bytes are a picture's of a kind the forum makes anew."""
    webp = raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"
    return webp or raw.startswith(_PICTURES) or raw[4:8] == b"ftyp"


def wants_document(raw: bytes, sent: str) -> bool:
    """Whether a file is to be taken as a document; one without a name can only be a picture."""
    return bool(sent) and not is_picture(raw) and ending_of(last_part(sent)) not in PICTURE_ENDINGS


def check_picture_name(sent: str) -> None:
    """A picture that is called a document is not what it says. Raises Invalid."""
    ending = ending_of(last_part(sent))
    if ending in BY_ENDING:
        raise Invalid(_lying(ending), field="file")


def told(raw: bytes, sent: str) -> Document:
    """The document, if it is one the forum takes and is what it is called. Raises Invalid."""
    assert_no_write_open("document looked into")
    ending = ending_of(last_part(sent))
    if not raw:
        raise Invalid(EMPTY, field="file")
    try:
        kind = _kind_of(raw, ending)
    except Refused as refused:
        raise Invalid(SENTENCES[refused.fault], field="file") from None
    if kind is None or ending not in (kind.ending, ""):
        raise Invalid(_lying(ending) if ending in BY_ENDING else UNKNOWN, field="file")
    return Document(raw, kind, clean_name(sent, kind.ending))


def _lying(ending: str) -> str:
    return _(
        "The file is called .%(ending)s, but that is not what is in it. Save it anew in the "
        "program it comes from and send that.",
        ending=ending,
    )


def _kind_of(raw: bytes, ending: str) -> Kind | None:
    if raw.startswith(b"PK\x03\x04"):
        return packages.told(raw)
    if raw.startswith(_OLD_OFFICE):
        raise Invalid(OLD, field="file")
    if raw.lstrip(_BEFORE_PDF).startswith(b"%PDF-"):
        return _checked_pdf(raw)
    text = decoded(raw)
    if text is None or _ACTIVE.match(text):
        return None
    return next((kind for kind in TEXTS if kind.ending == ending), TEXTS[0])


def _checked_pdf(raw: bytes) -> Kind:
    """A whole PDF and nothing but one: what hides behind its end is another file."""
    if not _PDF_END.search(raw, max(0, len(raw) - 2_000)):
        raise Invalid(MORE if b"%%EOF" in raw else SENTENCES[Fault.BROKEN], field="file")
    if packages.ends_as_archive(raw):
        raise Invalid(MORE, field="file")
    if b"startxref" not in raw[-4_000:]:
        raise Invalid(SENTENCES[Fault.BROKEN], field="file")
    if _ENCRYPTED.search(raw):
        raise Invalid(LOCKED, field="file")
    return PDF
