"""The Markdown of each clause, for whoever writes tables, links and pictures anew. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.standards.document import lay_out

_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_TARGET = re.compile(r"\]\([^()]*\)")
_WORD = re.compile(r"\w+")


def sources(source: str, html: str) -> list[str]:
    """What was typed before the first clause, and under the heading of each.

    Nothing where the headings that were typed are not those that are read.
    """
    lines, headings = source.split("\n"), lay_out(html).headings
    typed = list(_headings(lines))
    if [_letters(lines[at]) for at in typed] != [_letters(each.title) for each in headings]:
        return []
    pairs = zip(typed, headings, strict=True)
    firsts = [at for at, heading in pairs if heading.begins]
    ends = [*firsts, len(lines)]
    opening = "\n".join(lines[: ends[0]]).strip()
    bodies = zip(firsts, ends[1:], strict=True)
    return [opening, *("\n".join(lines[at + 1 : end]).strip() for at, end in bodies)]


def _headings(lines: list[str]) -> Iterator[int]:
    """Lines that begin with `#`, but for those of code."""
    is_code = False
    for at, line in enumerate(lines):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and _HEADING.match(line):
            yield at


def _letters(title: str) -> str:
    """A heading without what Markdown and its reading differ in."""
    return "".join(_WORD.findall(_TARGET.sub("]", title).casefold()))
