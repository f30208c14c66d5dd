"""Counting what documents have, where few different sets of values are had by many documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
WIDEST = 8
"""The most values of one document with which the values of each are kept beside it."""
DEARER = 1.6
"""How many times more it costs to count a value of a document than one of a set."""
NONES = 16


class Tally:
    """Every document has one of some sets, and every set any number of some values.

    `sets`: the set of each document. Set `owners[i]` has the value numbered `having[i]`.
    """

    def __init__(
        self, values: Sequence[Any], sets: NDArray[Any], owners: Ints, having: NDArray[Any]
    ) -> None:
        order = np.argsort(having, kind="stable")
        self.values, self.sets = values, sets
        self._owners = owners[order]
        self._edges = np.searchsorted(having[order], np.arange(len(values) + 1))
        self._had = np.flatnonzero(np.diff(self._edges))
        self._size = int(max(sets.max(initial=0), owners.max(initial=0))) + 1
        self._width = int(np.bincount(owners).max(initial=0))

    @classmethod
    def joined(cls, tallies: Sequence[Tally]) -> Tally:
        """One over the documents of all, one after another."""
        if len(tallies) == 1:
            return tallies[0]
        numbers: dict[Any, int] = {}
        for tally in tallies:
            for value in tally.values:
                numbers.setdefault(value, len(numbers))
        first = np.cumsum([0, *(tally._size for tally in tallies)])
        narrow = np.min_scalar_type(first[-1])
        nothing = np.zeros(0, dtype=np.int64)
        sets, owners, having = [nothing.astype(narrow)], [nothing], [nothing]
        for tally, base in zip(tallies, first, strict=False):
            sets.append(tally.sets + base.astype(narrow))
            owners.append(tally._owners + base)
            places = np.array([numbers[value] for value in tally.values], dtype=np.int64)
            having.append(np.repeat(places, np.diff(tally._edges)))
        return cls(list(numbers), *map(np.concatenate, (sets, owners, having)))

    def counts(self, docs: Ints) -> Ints:
        """How many of the documents have each value.

        By sets each document costs one look-up and each value of a set another; by documents each
        costs as many as a document has values at most.
        """
        if self._width <= WIDEST and DEARER * (self._width - 1) * len(docs) < len(self._owners):
            return self._by_documents(docs)
        times = np.bincount(self.sets.take(docs), minlength=self._size)
        found: Ints = np.zeros(len(self.values), dtype=np.int64)
        of_owners = times.take(self._owners)
        found[self._had] = np.add.reduceat(of_owners, self._edges.take(self._had))
        return found

    def _by_documents(self, docs: Ints) -> Ints:
        count = len(self.values)
        own = self._of_documents.take(docs, axis=1)
        return np.bincount(own.reshape(-1), minlength=count)[:count]

    @cached_property
    def _of_documents(self) -> NDArray[Any]:
        """The first value of every document, the second and so on.

        Where there is none, one of a few numbers that are no value's: to count the same number
        again and again takes longer than to count several by turns.
        """
        count = len(self.values)
        having = np.repeat(np.arange(count), np.diff(self._edges))
        order = np.argsort(self._owners, kind="stable")
        owners, having = self._owners[order], having[order]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
        narrow = np.min_scalar_type(count + NONES)
        of_sets = np.full((self._width, self._size), count, dtype=narrow)
        of_sets[rank, owners] = having
        found = of_sets.take(self.sets, axis=1)
        found += (found == count) * (np.arange(len(self.sets)) % NONES).astype(narrow)
        return found

    def having(self, values: Iterable[Any], docs: Ints) -> NDArray[np.bool_]:
        """Whether each of the documents has any of some values."""
        sets = np.zeros(self._size, dtype=bool)
        for number in map(self._numbers.get, values):
            if number is not None:
                sets[self._owners[self._edges[number] : self._edges[number + 1]]] = True
        return sets.take(self.sets.take(docs))

    @cached_property
    def _numbers(self) -> dict[Any, int]:
        return {value: number for number, value in enumerate(self.values)}
