"""What the editor holds of clauses: a line for each heading of a text, its key and its title.

`2 Steps`, or ` Steps` for a heading of which the editor knows no clause. A line is believed where
the text has that title there: the editor and the forum may read headings differently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from forum.core.numbers import number_or_none
from forum.standards.document import lay_out

_WORD = re.compile(r"\w+")


def to_hold(html: str, keys: Sequence[int]) -> str:
    """The lines for a text whose clauses have these keys; empty when they do not fit."""
    document = lay_out(html)
    if len(keys) != len(document.clauses):
        return ""
    left = iter(keys)
    return "\n".join(
        f"{next(left) if heading.begins else ''} {heading.title}" for heading in document.headings
    )


def held_for(html: str, sent: str) -> list[int | None]:
    """A key or None for each clause of a text; none at all when the lines do not fit it."""
    document = lay_out(html)
    lines = sent.replace("\r", "").split("\n") if sent else []
    if len(lines) != len(document.headings):
        return []
    pairs = zip(lines, document.headings, strict=True)
    return [_key(line, heading.title) for line, heading in pairs if heading.begins]


def _key(line: str, title: str) -> int | None:
    key, _space, told = line.partition(" ")
    return number_or_none(key) if _letters(told) == _letters(title) else None


def _letters(title: str) -> str:
    """A title without what Markdown and its reading may differ in."""
    return "".join(_WORD.findall(title.casefold()))
