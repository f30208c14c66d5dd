"""A long text in pieces of usual length: each is rendered within the bounds of any text, so that
ten times the length costs ten times the work and never more."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r"#{1,6}(?:\s|$)")


def pieces(source: str, most: int) -> Iterator[str]:
    """The text in order, cut before headings where it can be, else after blank lines.

    Nothing is cut inside a block of code, a table or a paragraph, so a piece may be longer.
    """
    start = heading = blank = 0
    for at, is_heading in _cuts(source):
        if at - start > most:
            cut = heading if heading > start else blank if blank > start else at
            yield source[start:cut]
            start = cut
        heading, blank = (at, blank) if is_heading else (heading, at)
    yield from _last(source, start, max(heading, blank), most)


def _last(source: str, start: int, cut: int, most: int) -> Iterator[str]:
    if len(source) - start > most and cut > start:
        yield source[start:cut]
        start = cut
    yield source[start:]


def is_table(piece: str) -> bool:
    """Whether a piece is nothing but the rows of a table."""
    return all(line.lstrip().startswith("|") for line in piece.strip().split("\n"))


def _cuts(source: str) -> Iterator[tuple[int, bool]]:
    """Where a piece may begin, and whether a heading stands there."""
    at, fence, after_blank = 0, "", False
    for line in source.split("\n"):
        if not fence and at and _HEADING.match(line):
            yield at, True
        elif not fence and after_blank and line and not line[0].isspace():
            yield at, False
        fence = _fence(line, fence)
        after_blank = not line.strip()
        at += len(line) + 1


def _fence(line: str, standing: str) -> str:
    """The fence that stands open after a line, nothing if none does."""
    found = _FENCE.match(line)
    if found is None:
        return standing
    marks, rest = found.groups()
    if not standing:
        return "" if marks[0] == "`" and "`" in rest else marks
    closes = marks.startswith(standing) and not rest.strip()
    return "" if closes else standing
