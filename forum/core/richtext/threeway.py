"""What two people made of one text, put together word by word."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from forum.core.richtext.diff import word_diff


class Edit(NamedTuple):
    """What stands from `start` to `end` of the text both began with becomes `words`."""

    start: int
    end: int
    words: str


def merged(base: str, ours: str, theirs: str) -> str | None:
    """Our text with their changes to the base; None where both changed the same words.

    Costs two comparisons; none where only one of them changed anything.
    """
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    edits = sorted({*_edits(base, ours), *_edits(base, theirs)})
    if any(first.end >= second.start for first, second in pairwise(edits)):
        return None
    parts, at = [], 0
    for edit in edits:
        parts += [base[at : edit.start], edit.words]
        at = edit.end
    return "".join([*parts, base[at:]])


def _edits(old: str, new: str) -> list[Edit]:
    """The changes from old to new by their places in old; what is side by side is one."""
    edits: list[Edit] = []
    at = 0
    for op, words in word_diff(old, new):
        end = at if op == "insert" else at + len(words)
        if op != "equal":
            said = words if op == "insert" else ""
            if edits and edits[-1].end == at:
                last = edits.pop()
                edits.append(Edit(last.start, end, last.words + said))
            else:
                edits.append(Edit(at, end, said))
        at = end
    return edits
