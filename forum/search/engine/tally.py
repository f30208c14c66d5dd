"""Counting what documents have, where few different sets of values are had by many documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


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
        self._size = int(sets.max(initial=0)) + 1

    def counts(self, docs: Ints) -> Ints:
        """How many of the documents have each value."""
        times = np.bincount(self.sets.take(docs), minlength=self._size)
        sums = np.zeros(len(self._owners) + 1, dtype=np.int64)
        times.take(self._owners).cumsum(out=sums[1:])
        at_edges = sums.take(self._edges)
        found: Ints = at_edges[1:] - at_edges[:-1]
        return found

    def having(self, number: int) -> Ints:
        """The sets that have a value."""
        return self._owners[self._edges[number] : self._edges[number + 1]]
