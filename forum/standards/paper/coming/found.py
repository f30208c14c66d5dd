"""Which files of a folder are documents, and a list that may lie beside them."""

from __future__ import annotations

from pathlib import Path

from forum.standards.paper.coming.documents import ENDINGS

REGISTER = "register.csv"
_PASSED_OVER = frozenset(("png", "jpg", "jpeg", "gif", "webp", "svg", "css", "js", "csv"))
"""What documents bring along; everything else is told as not understood."""


def files_in(place: Path) -> list[Path]:
    """The file itself, or everything in a folder that may be a document, in order."""
    if place.is_file():
        return [place]
    files = (file for file in sorted(place.rglob("*")) if file.is_file())
    return [file for file in files if _may_be_one(file.relative_to(place))]


def _may_be_one(file: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in file.parts)
    ending = file.suffix.removeprefix(".").lower()
    return not hidden and (ending in ENDINGS or ending not in _PASSED_OVER)


def register_in(place: Path) -> Path | None:
    """The list beside the documents of a folder."""
    found = place / REGISTER
    return found if place.is_dir() and found.is_file() else None
