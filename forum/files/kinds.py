"""The kinds of documents the forum keeps beside pictures."""

from __future__ import annotations

from typing import NamedTuple

from forum.core.i18n import lazy
from forum.core.textcheck import word_set

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


class Kind(NamedTuple):
    """A kind of document: its usual ending, media type, and what a line calls it."""

    ending: str
    media_type: str
    name: object
    main: str = ""
    """The part of a package that holds its text."""


PDF = Kind("pdf", "application/pdf", "PDF")
PACKAGES = (
    Kind("docx", _OOXML + "wordprocessingml.document", lazy("Text document"), "word/document.xml"),
    Kind("xlsx", _OOXML + "spreadsheetml.sheet", lazy("Spreadsheet"), "xl/workbook.xml"),
    Kind("pptx", _OOXML + "presentationml.presentation", lazy("Slides"), "ppt/presentation.xml"),
    Kind("odt", _ODF + "text", lazy("Text document"), "content.xml"),
    Kind("ods", _ODF + "spreadsheet", lazy("Spreadsheet"), "content.xml"),
    Kind("odp", _ODF + "presentation", lazy("Slides"), "content.xml"),
)
TEXTS = (
    Kind("txt", "text/plain", lazy("Text")),
    Kind("csv", "text/csv", lazy("Table")),
    Kind("md", "text/markdown", lazy("Text")),
)
KINDS = (PDF, *PACKAGES, *TEXTS)
BY_TYPE = {kind.media_type: kind for kind in KINDS}
BY_ENDING = {kind.ending: kind for kind in KINDS}
PICTURE_ENDINGS = word_set("jpg jpeg jpe jfif png webp gif heic heif hif")


def ending_of(name: str) -> str:
    """What follows the last dot of a name, in lower case; empty without one."""
    before, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and before else ""
