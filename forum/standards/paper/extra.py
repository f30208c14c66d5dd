"""What reading and writing Word and HTML needs: the optional `docx` extra, loaded on first use."""

from __future__ import annotations

from importlib.util import find_spec

from forum.core.errors import DomainError
from forum.core.i18n import lazy

WANTED = ("bs4", "docx", "mammoth", "markdownify")


class NoWord(DomainError):
    """A part of the forum that this company has not installed."""

    status = 501
    sentence = lazy("Word documents are not installed here. Take HTML, Markdown or PDF instead.")


def require_extra() -> None:
    """Raises NoWord where documents can be neither read nor made."""
    if not all(find_spec(name) for name in WANTED):
        raise NoWord
