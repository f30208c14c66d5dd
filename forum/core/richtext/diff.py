"""Two versions of a text compared word by word, in time that does not explode.

Lines that occur once on both sides anchor the comparison, then words that do, as in patience
diff (Bram Cohen); only the small gaps between anchors are compared exactly.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

Op = Literal["equal", "delete", "insert"]
Change = tuple[Op, str]

# A gap of more cells than this is shown as replaced whole: it would cost too much to look inside.
_EXACT_CELLS = 10_000
_ALL_CELLS = 400_000
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def word_diff(old: str, new: str, *, budget: list[int] | None = None) -> list[Change]:
    """The changes from old to new: equal and deleted parts give old, equal and inserted new.

    At most 0.2 s for two texts of 20,000 characters, whatever they hold; as much for all texts that
    share a `new_budget`.
    """
    budget = new_budget() if budget is None else budget
    lines = _compared(_LINE.findall(old), _LINE.findall(new), [0])
    changes = (change for block in _blocks(lines) for change in _refined(block, budget))
    return _joined(_readable(_joined(changes)))


def new_budget() -> list[int]:
    """What some comparisons may spend together on looking closely."""
    return [_ALL_CELLS]


def _blocks(changes: Iterable[Change]) -> Iterator[list[Change]]:
    for _same, block in groupby(changes, key=lambda change: change[0] == "equal"):
        yield list(block)


def _refined(block: list[Change], budget: list[int]) -> Iterable[Change]:
    if block[0][0] == "equal":
        return block
    old = "".join(text for op, text in block if op == "delete")
    new = "".join(text for op, text in block if op == "insert")
    return _compared(_WORD.findall(old), _WORD.findall(new), budget)


def _compared(old: Sequence[str], new: Sequence[str], budget: list[int]) -> Iterator[Change]:
    """Both sequences in turn: what they share at both ends, anchors, and the gaps between."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    yield from (("equal", part) for part in old[:head])
    before_old, before_new = head, head
    for at_old, at_new in [*_anchors(old, new, head, old_end, new_end), (old_end, new_end)]:
        yield from _gap(old[before_old:at_old], new[before_new:at_new], budget)
        if at_old < old_end:
            yield "equal", old[at_old]
        before_old, before_new = at_old + 1, at_new + 1
    yield from (("equal", part) for part in old[old_end:])


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _anchors(
    old: Sequence[str], new: Sequence[str], start: int, old_end: int, new_end: int
) -> list[tuple[int, int]]:
    """The longest run, in order on both sides, of parts that occur once on each."""
    once_old = _once(old, start, old_end)
    once_new = _once(new, start, new_end)
    pairs = [(once_old[part], at) for part, at in once_new.items() if part in once_old]
    ends: list[int] = []
    chains: list[tuple[int, int, int]] = []
    last: list[int] = []
    for at_old, at_new in pairs:
        place = bisect_left(ends, at_old)
        chains.append((at_old, at_new, last[place - 1] if place else -1))
        ends[place : place + 1] = [at_old]
        last[place : place + 1] = [len(chains) - 1]
    found, at = [], last[-1] if last else -1
    while at >= 0:
        at_old, at_new, at = chains[at]
        found.append((at_old, at_new))
    return found[::-1]


def _once(parts: Sequence[str], start: int, end: int) -> dict[str, int]:
    counts = Counter(parts[start:end])
    return {part: at for at, part in enumerate(parts[start:end], start) if counts[part] == 1}


def _gap(old: Sequence[str], new: Sequence[str], budget: list[int]) -> Iterable[Change]:
    cells = len(old) * len(new)
    if cells == 0 or cells > min(budget[0], _EXACT_CELLS):
        return [("delete", "".join(old)), ("insert", "".join(new))]
    budget[0] -= cells
    return _exact(old, new)


def _exact(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Longest common subsequence by the plain table: the sizes are small and known."""
    lengths = [[0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = lengths[i], lengths[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            yield "equal", old[i]
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            yield "delete", old[i]
            i += 1
        else:
            yield "insert", new[j]
            j += 1
    yield from (("delete", part) for part in old[i:])
    yield from (("insert", part) for part in new[j:])


def _readable(changes: list[Change]) -> Iterator[Change]:
    """A space left equal between two changes joins them: nobody reads word, gap, word."""
    for at, (op, text) in enumerate(changes):
        inside = 0 < at < len(changes) - 1
        if op == "equal" and inside and text.isspace() and "\n" not in text:
            yield "delete", text
            yield "insert", text
        else:
            yield op, text


def _joined(changes: Iterable[Change]) -> list[Change]:
    """Neighbours of one kind as one, within a change what is deleted before what is inserted."""
    joined: list[Change] = []
    for block in _blocks(changes):
        for op in ("equal", "delete", "insert"):
            text = "".join(part for kind, part in block if kind == op)
            if text:
                joined.append((op, text))
    return joined
