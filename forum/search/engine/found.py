"""What a query has found: documents in order with their scores; putting two such together."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.snapshot import Docs

Scores = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Found(NamedTuple):
    """Documents, ascending, and the score of each."""

    docs: Docs
    scores: Scores


NOTHING = Found(np.zeros(0, dtype=np.int64), np.zeros(0))


class Scratch(threading.local):
    """A number, a counter and a mark for every document, one of each a thread; zero when unused."""

    def __init__(self) -> None:
        self.sums = np.zeros(0)
        self.hits = np.zeros(0, dtype=np.uint16)
        self.marks = np.zeros(0, dtype=bool)

    def of(self, size: int) -> tuple[Scores, NDArray[np.uint16]]:
        """Numbers and counters, for so many documents."""
        if len(self.sums) < size:
            self.sums = np.zeros(size + size // 8)
            self.hits = np.zeros(size + size // 8, dtype=np.uint16)
        return self.sums[:size], self.hits[:size]

    @contextmanager
    def marked(self, size: int, docs: Docs) -> Iterator[Bools]:
        """A mark for every document, set for some."""
        if len(self.marks) < size:
            self.marks = np.zeros(size + size // 8, dtype=bool)
        self.marks[docs] = True
        try:
            yield self.marks[:size]
        finally:
            self.marks[docs] = False


SCRATCH = Scratch()


def where(wanted: Docs, among: Docs) -> tuple[Docs, NDArray[np.bool_]]:
    """For each wanted document its place among others, and whether it is there at all."""
    if not len(among):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    places = np.searchsorted(among, wanted)
    places[places == len(among)] = 0
    return places, among[places] == wanted


def common(one: Found, other: Found) -> Found:
    """Documents in both, with the sum of their scores."""
    few, many = sorted((one, other), key=lambda part: len(part.docs))
    places, has = where(few.docs, many.docs)
    return Found(few.docs[has], few.scores[has] + many.scores[places[has]])


def in_both(one: Docs, other: Docs) -> Docs:
    """The documents that are in both."""
    few, many = sorted((one, other), key=len)
    if len(few) == len(many) and np.array_equal(few, many):
        return one
    return few[where(few, many)[1]]


def scores_of(found: Found, docs: Docs) -> Scores:
    """The scores of documents which are all among those found."""
    if len(docs) == len(found.docs):
        return found.scores
    return found.scores[np.searchsorted(found.docs, docs)]


def preferring(wanted: Found, liked: Found) -> Found:
    """All that is wanted; what is also liked has the sum of both scores."""
    places, has = where(wanted.docs, liked.docs)
    scores = wanted.scores.copy()
    scores[has] += liked.scores[places[has]]
    return Found(wanted.docs, scores)
