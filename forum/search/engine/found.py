"""What a query has found: documents in order with their scores; putting two such together."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.snapshot import Docs

Scores = NDArray[np.float64]


class Found(NamedTuple):
    """Documents, ascending, and the score of each."""

    docs: Docs
    scores: Scores


NOTHING = Found(np.zeros(0, dtype=np.int64), np.zeros(0))


class Scratch(threading.local):
    """A number, a counter and a mark for every document, one of each a thread; zero when unused.

    Kept, because the system gives out fresh memory slowly.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._sums = np.zeros(0)
        self._hits = np.zeros(0, dtype=np.uint16)
        self._marks = np.zeros(0, dtype=bool)

    def _grown(self, size: int) -> None:
        if len(self._marks) < size:
            size += size // 8
            self._sums, self._marks = np.zeros(size), np.zeros(size, dtype=bool)
            self._hits = np.zeros(size, dtype=np.uint16)

    @contextmanager
    def _clean(self, size: int) -> Iterator[None]:
        """Big enough, and thrown away where something fails half-way."""
        self._grown(size)
        try:
            yield
        except BaseException:
            self._forget()
            raise

    def places(self, own: NDArray[Any], docs: Docs, size: int) -> Docs:
        """The places of those numbers that are among some documents, of so many in all."""
        self._grown(size)
        marks = self._marks[:size]
        marks[docs] = True
        try:
            return np.flatnonzero(marks.take(own))
        finally:
            marks[docs] = False

    def summed(
        self, size: int, parts: Sequence[Found], least: int = 1, *, best: bool = False
    ) -> Found:
        """Documents in at least so many parts, with the sum of their scores or the best of them.

        A part that has a document more than once counts it in the sum as often.
        """
        with self._clean(size):
            sums = self._sums[:size]
            for docs, scores in parts:
                if best:
                    sums[docs] = np.maximum(sums.take(docs), scores)
                else:
                    np.add.at(sums, docs, scores)
            docs = self._in_any(size, parts) if least == 1 else self._in_several(size, parts, least)
            found = Found(docs, sums.take(docs))
            for part in parts if least > 1 else (found,):
                sums[part.docs] = 0
            return found

    def _in_any(self, size: int, parts: Sequence[Found]) -> Docs:
        marks = self._marks[:size]
        for part in parts:
            marks[part.docs] = True
        docs = np.flatnonzero(marks)
        marks[docs] = False
        return docs

    def _in_several(self, size: int, parts: Sequence[Found], least: int) -> Docs:
        hits = self._hits[:size]
        for part in parts:
            hits[part.docs] += 1
        docs = np.flatnonzero(hits >= least)
        for part in parts:
            hits[part.docs] = 0
        return docs


SCRATCH = Scratch()


RARE = 24
"""So many times fewer numbers are each looked up among the others; more are put in order with
them."""


def where(wanted: Docs, among: Docs) -> tuple[Docs, NDArray[np.bool_]]:
    """For each wanted document its place among others, and whether it is there at all."""
    if not len(among):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    places = among.searchsorted(wanted)
    places[places == len(among)] = 0
    return places, among.take(places) == wanted


def in_both(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    """The numbers that are in both, each ascending and of the same type."""
    few, many = sorted((one, other), key=len)
    if len(few) * RARE < len(many):
        return few[where(few, many)[1]]
    every = np.concatenate((few, many))
    every.sort(kind="stable")  # which is to merge, as both are in order
    found: NDArray[Any] = every[:-1][every[1:] == every[:-1]]
    return found


def kept(found: Found, docs: Docs) -> Found:
    """What was found, of some documents only."""
    places, has = where(docs, found.docs)
    return Found(docs[has], found.scores[places[has]])


def scores_of(found: Found, docs: Docs) -> Scores:
    """The scores of documents which are all among those found."""
    if len(docs) == len(found.docs):
        return found.scores
    return found.scores.take(found.docs.searchsorted(docs))


def preferring(wanted: Found, liked: Found) -> Found:
    """All that is wanted; what is also liked has the sum of both scores."""
    places, has = where(wanted.docs, liked.docs)
    scores = wanted.scores.copy()
    scores[has] += liked.scores[places[has]]
    return Found(wanted.docs, scores)
