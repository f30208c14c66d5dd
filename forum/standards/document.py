"""A standard's stored HTML as a document: numbered clauses and a table of contents.

Stored headings begin below the page's own (see `sanitizer.HEADINGS`); here the highest of them
becomes `h2`, the next `h3`, and each of both starts a clause that has an address of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup

from forum.core.richtext import plain_text

_HEADING = re.compile(r"<h([3-6])>(.*?)</h\1>", re.DOTALL)
_PART = re.compile(r"<h([3-6])>(.*?)</h\1>|<(/?)(?:blockquote|ul|ol|table|div)\b[^<>]*>", re.DOTALL)
_NUMBERED = re.compile(r"\s*(?:§\s*)?\d")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a document under its heading, without the clauses below it.

    `key` tells it from the other clauses of its standard; `depth` is 1, or 2 for a clause below
    another; `number` is empty where the author numbered.
    """

    key: int
    depth: int
    number: str
    title: str
    heading: Markup
    html: Markup

    @property
    def id(self) -> str:
        """Its address within the page."""
        return f"clause-{self.key}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands on its own; none below the second level `begins` a clause."""

    title: str
    begins: bool


@dataclass(frozen=True, slots=True)
class Document:
    """What stands before the first heading, and the clauses."""

    opening: Markup
    clauses: tuple[Clause, ...]
    headings: tuple[Heading, ...] = ()

    def keyed(self, keys: Sequence[int]) -> Document:
        """The same with the clauses' own keys; without, they are counted from 1."""
        if len(keys) != len(self.clauses):
            return self
        pairs = zip(self.clauses, keys, strict=True)
        return replace(self, clauses=tuple(replace(clause, key=key) for clause, key in pairs))


@lru_cache(64)
def lay_out(html: str) -> Document:
    """A document from sanitised HTML. Remembered for the texts that are read most."""
    starts = _headings(html)
    if not starts:
        return Document(_safe(html), ())
    top, second = _levels(starts)
    headings = tuple(
        Heading(plain_text(found.group(2)), int(found.group(1)) in (top, second))
        for found in starts
    )
    firsts = [found for found, heading in zip(starts, headings, strict=True) if heading.begins]
    ends = [*(found.start() for found in firsts[1:]), len(html)]
    own = {level for level in (top, second) if _are_numbered(firsts, level)}
    counted = _Counting(top, own)
    clauses = []
    for key, (found, end) in enumerate(zip(firsts, ends, strict=True), 1):
        depth, number = counted.next(int(found.group(1)))
        rest = _safe(_raised(html[found.end() : end], top, second))
        title = plain_text(found.group(2))
        clauses.append(Clause(key, depth, number, title, _safe(found.group(2)), rest))
    opening = _safe(_raised(html[: firsts[0].start()], top, second))
    return Document(opening, tuple(clauses), headings)


def _levels(starts: Sequence[re.Match[str]]) -> tuple[int, int]:
    """The highest level there is and the next below it."""
    top, *lower = sorted({int(found.group(1)) for found in starts})
    return top, lower[0] if lower else top


def _are_numbered(starts: Sequence[re.Match[str]], level: int) -> bool:
    """Whether the author numbered headings of a level."""
    return any(
        _NUMBERED.match(plain_text(found.group(2)))
        for found in starts
        if int(found.group(1)) == level
    )


class _Counting:
    """Numbers for headings as they come: 1, 2, 2.1; none below or beside the author's own."""

    def __init__(self, top: int, own: set[int]) -> None:
        self._top, self._own = top, own
        self._first = self._second = 0

    def next(self, level: int) -> tuple[int, str]:
        """The depth and the number of the next heading."""
        if level == self._top:
            self._first, self._second = self._first + 1, 0
            return 1, "" if level in self._own else str(self._first)
        self._second += 1
        return 2, "" if self._own else f"{self._first}.{self._second}"


def _headings(html: str) -> list[re.Match[str]]:
    """The headings that stand on their own, not inside a quotation, list or table."""
    depth, found = 0, []
    for part in _PART.finditer(html):
        if part.group(1) is None:
            depth += -1 if part.group(3) else 1
        elif depth == 0:
            found.append(part)
    return found


def _raised(html: str, top: int, second: int) -> str:
    """Lower headings, so that the document knows no gap between its levels."""
    third = second if second > top else top + 1

    def raised(found: re.Match[str]) -> str:
        level = max(3, int(found.group(1)) - third + 3)
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
    """(address within the page, words) for each clause, but for those below another."""
    return [
        (f"#{clause.id}", f"{clause.number} {clause.title}".strip())
        for clause in document.clauses
        if clause.depth == 1
    ]
