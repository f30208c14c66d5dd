"""A standard's stored HTML as a document: numbered clauses and a table of contents.

Stored headings begin below the page's own (see `sanitizer.HEADINGS`); here the highest of them
becomes `h2`, and each starts a clause that has an address of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from forum.core.richtext import plain_text

_HEADING = re.compile(r"<h([3-6])>(.*?)</h\1>", re.DOTALL)
_PART = re.compile(r"<h([3-6])>(.*?)</h\1>|<(/?)(?:blockquote|ul|ol|table|div)\b[^<>]*>", re.DOTALL)
_NUMBERED = re.compile(r"\s*(?:§\s*)?\d")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a document under its heading; `number` is empty where the author numbered."""

    id: str
    number: str
    title: str
    heading: Markup
    html: Markup


@dataclass(frozen=True, slots=True)
class Document:
    """What stands before the first heading, and the clauses."""

    opening: Markup
    clauses: tuple[Clause, ...]


@lru_cache(64)
def lay_out(html: str) -> Document:
    """A document from sanitised HTML. Remembered for the texts that are read most."""
    starts = _headings(html)
    if not starts:
        return Document(_safe(html), ())
    top = min(int(found.group(1)) for found in starts)
    firsts = [found for found in starts if int(found.group(1)) == top]
    ends = [*(found.start() for found in firsts[1:]), len(html)]
    own = any(_NUMBERED.match(plain_text(found.group(2))) for found in firsts)
    clauses = tuple(
        _clause(position, found, html[found.end() : end], top, "" if own else str(position))
        for position, (found, end) in enumerate(zip(firsts, ends, strict=True), 1)
    )
    return Document(_safe(_raised(html[: firsts[0].start()], top)), clauses)


def _headings(html: str) -> list[re.Match[str]]:
    """The headings that stand on their own, not inside a quotation, list or table."""
    depth, found = 0, []
    for part in _PART.finditer(html):
        if part.group(1) is None:
            depth += -1 if part.group(3) else 1
        elif depth == 0:
            found.append(part)
    return found


def _clause(position: int, found: re.Match[str], rest: str, top: int, number: str) -> Clause:
    return Clause(
        id=f"clause-{position}",
        number=number,
        title=plain_text(found.group(2)),
        heading=_safe(found.group(2)),
        html=_safe(_raised(rest, top)),
    )


def _raised(html: str, top: int) -> str:
    """Lower headings, so that the document knows no gap between its levels."""

    def raised(found: re.Match[str]) -> str:
        level = max(3, int(found.group(1)) - top + 2)
        return f"<h{level}>{found.group(2)}</h{level}>"

    return _HEADING.sub(raised, html)


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - sanitised when it was written


Paragraph = list[tuple[str, str]]


def paragraphs(changes: list[tuple[str, str]]) -> list[Paragraph]:
    """A word by word comparison as paragraphs, each a list of (equal|delete|insert, text)."""
    done: list[Paragraph] = [[]]
    for op, text in changes:
        first, *others = text.split("\n")
        _add(done[-1], op, first)
        for line in others:
            done.append([])
            _add(done[-1], op, line)
    return [paragraph for paragraph in done if any(text.strip() for _op, text in paragraph)]


def _add(paragraph: Paragraph, op: str, text: str) -> None:
    if text:
        paragraph.append((op, text))


def table_of_contents(document: Document) -> list[tuple[str, str]]:
    """(address within the page, words) for each clause."""
    return [
        (f"#{clause.id}", f"{clause.number} {clause.title}".strip()) for clause in document.clauses
    ]
