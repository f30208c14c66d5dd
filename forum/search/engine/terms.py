"""The distinct terms of a field in the order of their bytes, looked up by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

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

    def find(self, term: bytes) -> int:
        """The number of a term; -1 if there is none."""
        number = bisect_left(self, term)
        return number if number < len(self) and self[number] == term else -1

    def beginning(self, prefix: bytes) -> range:
        """The numbers of the terms that begin so."""
        first = bisect_left(self, prefix)
        return range(first, bisect_left(self, prefix + AFTER_ALL, first))


def packed(terms: Iterable[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """The arrays of terms that come in order."""
    listed = list(terms)
    text = np.frombuffer(b"".join(listed), dtype=np.uint8)
    return text, np.cumsum([len(term) for term in listed], dtype=np.uint32)
