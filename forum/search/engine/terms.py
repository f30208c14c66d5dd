"""The distinct terms of a field in the order of their bytes, looked up by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

APART = 64
"""One term in so many is kept as Python's own, so that few have to be read to find one."""
AFTER_ALL = b"\xff"
"""A byte that UTF-8 never has, and so sorts after every continuation of a prefix."""


class Terms(Sequence[bytes]):
    """Terms one after another in `text` (uint8); term n ends before `ends[n]`."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.uint32]) -> None:
        self._text = text.data
        self._ends = ends.data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]
        first = self._ends[number - 1] if number else 0
        return bytes(self._text[first : self._ends[number]])

    def between(self, numbers: range) -> list[bytes]:
        """Terms which follow one another."""
        if not numbers:
            return []
        base = self._ends[numbers.start - 1] if numbers.start else 0
        text = bytes(self._text[base : self._ends[numbers.stop - 1]])
        ends = (np.asarray(self._ends[numbers.start : numbers.stop]) - base).tolist()
        return [text[a:b] for a, b in pairwise((0, *ends))]

    @cached_property
    def _marks(self) -> list[bytes]:
        return [self[number] for number in range(0, len(self), APART)]

    def _near(self, term: bytes) -> tuple[int, int]:
        """The stretch of terms among which this one is, or would be."""
        first = max(bisect_right(self._marks, term) - 1, 0) * APART
        return first, min(first + APART, len(self._ends))

    def find(self, term: bytes) -> int:
        """The number of a term; -1 if there is none."""
        first, last = self._near(term)
        if first == last:
            return -1
        ends = self._ends
        base = ends[first - 1] if first else 0
        near = bytes(self._text[base : ends[last - 1]])
        # Bytes are sought in bytes, which is faster than to compare term by term; what is found
        # may be a part of a longer term, or of two.
        at = near.find(term)
        while at >= 0:
            end = base + at + len(term)
            number = bisect_left(ends, end, first, last)
            if ends[number] == end and base + at == (ends[number - 1] if number else 0):
                return number
            at = near.find(term, at + 1)
        return -1

    def _place(self, term: bytes) -> int:
        """How many terms come before this one."""
        return bisect_left(self, term, *self._near(term))

    def beginning(self, prefix: bytes) -> range:
        """The numbers of the terms that begin so."""
        return range(self._place(prefix), self._place(prefix + AFTER_ALL))


def packed(terms: Iterable[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """The arrays of terms that come in order."""
    listed = list(terms)
    text = np.frombuffer(b"".join(listed), dtype=np.uint8)
    return text, np.cumsum([len(term) for term in listed], dtype=np.uint32)
