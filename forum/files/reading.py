"""The words of a document, read by a process of its own that may use little and is killed for more.

    python -m forum.files.reading KIND PARENT < document > words

Nothing is written but the words; whatever goes wrong in here is told by how the process ends.
"""

from __future__ import annotations

import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from forum.core.orphans import die_with
from forum.files import xmlparts
from forum.files.plaintext import decoded

MOST = 100_000
"""Characters that are kept: more is not what a document is about."""
MOST_PAGES = 400
MEMORY, SECONDS = 640 * 1024 * 1024, 10
MOST_OF_A_PART = 40_000_000
BROKEN = 3
"""How a process ends whose document cannot be read."""
_WORDS = frozenset(("t",))
_LINES = frozenset(("p", "h", "si", "row", "table-row"))
_PARTS = {
    "docx": ("word/document.xml", "word/footnotes.xml", "word/comments.xml", "word/header1.xml"),
    "xlsx": ("xl/sharedStrings.xml", "xl/worksheets/"),
    "pptx": ("ppt/slides/slide", "ppt/notesSlides/"),
    "odt": ("content.xml",),
    "ods": ("content.xml",),
    "odp": ("content.xml",),
}


def main() -> int:
    """Read what comes in, as the kind that was named."""
    kind, parent = sys.argv[1], int(sys.argv[2])
    die_with(parent)
    _bound()
    try:
        words = read(kind, sys.stdin.buffer)
        sys.stdout.buffer.write(words.encode("utf-8", "replace"))
        sys.stdout.flush()
    # Readers report damage in whatever way the damaged bytes lead them.
    except Exception:
        return BROKEN
    return 0


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(kind: str, source: BinaryIO) -> str:
    """The words of a document of a kind, as far as they are kept."""
    parts, found, left = _parts_of(kind, source), [], MOST
    for part in parts:
        found.append(part[:left])
        left -= len(found[-1])
        if left <= 0:
            break
    return "\n".join(found)


def _parts_of(kind: str, source: BinaryIO) -> Iterator[str]:
    if kind == "pdf":
        return _pages(source)
    if kind in _PARTS:
        return _office(kind, source)
    return iter((decoded(source.read()) or "",))


def _pages(source: BinaryIO) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(source).pages[:MOST_PAGES]:
        yield page.extract_text()


def _office(kind: str, source: BinaryIO) -> Iterator[str]:
    only = frozenset[str]() if kind.startswith("od") else _WORDS
    with zipfile.ZipFile(source) as archive:
        for name in _names(archive, kind):
            with archive.open(name) as part:
                raw = part.read(MOST_OF_A_PART)
            yield xmlparts.words(raw, only=only, ends=_LINES, most=MOST)


def _names(archive: zipfile.ZipFile, kind: str) -> Iterator[str]:
    """The parts that hold words, slides and sheets in their order."""
    names = [name for name in archive.namelist() if name.endswith(".xml")]
    for wanted in _PARTS[kind]:
        fitting = (name for name in names if name.startswith(wanted) and "/_rels/" not in name)
        yield from sorted(fitting, key=lambda name: (len(name), name))


if __name__ == "__main__":
    sys.exit(main())
