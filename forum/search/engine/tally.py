"""Counting what documents have, where few different sets of values are had by many documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
WASTED = 8
"""How many times more numbers than all sets have values are kept at most to count a few sets."""
DEARER = 2
"""How many times more it costs to look at a value of a document than at one of a set."""


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
        self._size = int(max(sets.max(initial=0), owners.max(initial=0))) + 1
        self._width = int(np.bincount(owners).max(initial=0))

    def counts(self, docs: Ints) -> Ints:
        """How many of the documents have each value."""
        sets = self.sets.take(docs)
        is_even = self._width * self._size <= WASTED * len(self._owners)
        if is_even and DEARER * len(docs) * self._width < len(self._owners):
            return self._of_few(sets)
        times = np.bincount(sets, minlength=self._size)
        sums = np.zeros(len(self._owners) + 1, dtype=np.int64)
        times.take(self._owners).cumsum(out=sums[1:])
        at_edges = sums.take(self._edges)
        found: Ints = at_edges[1:] - at_edges[:-1]
        return found

    def _of_few(self, sets: NDArray[Any]) -> Ints:
        """The same document by document, where those are fewer than what all sets have."""
        count = len(self.values) + 1
        found: Ints = np.zeros(count, dtype=np.int64)
        for level in self._levels:
            found += np.bincount(level.take(sets), minlength=count)
        return found[:-1]

    @cached_property
    def _levels(self) -> list[NDArray[Any]]:
        """The first value of every set, the second and so on; a number more than any for none."""
        count = len(self.values)
        having = np.repeat(np.arange(count), np.diff(self._edges))
        order = np.argsort(self._owners, kind="stable")
        owners, having = self._owners[order], having[order]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
        levels = np.full((self._width, self._size), count, dtype=np.min_scalar_type(count))
        levels[rank, owners] = having
        return list(levels)

    def having(self, number: int) -> Ints:
        """The sets that have a value."""
        return self._owners[self._edges[number] : self._edges[number + 1]]
