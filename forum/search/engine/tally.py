"""Counting what documents have, where few different sets of values are had by many documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
WIDEST = 8
"""The most values of one document with which the values of each are kept beside it."""
MANY = 10_000
"""Values that all sets have together, from which on it pays: fewer are counted set by set, those of
all segments at once."""
DEARER = 1.6
"""How many times more it costs to count a value of a document than one of a set."""
NONES = 16
"""Numbers that stand for no value: to count the same number again and again takes longer than to
count several by turns."""


class Tally:
    """The documents of a segment. Each has one of some sets, and every set any number of values.

    `sets`: the set of each document. Set `owners[i]` has the value numbered `having[i]`. Raises
    IndexError when there is no such value.

    Afterwards `owners` are in the order of values, of which each has `times` of them; numbers of
    sets are below `size`, and no set has more than `width` values.
    """

    def __init__(
        self, values: Sequence[Any], sets: NDArray[Any], owners: Ints, having: NDArray[Any]
    ) -> None:
        order = np.argsort(having, kind="stable")
        self.values, self.sets, self.owners = values, sets, owners[order]
        self._edges = np.searchsorted(having[order], np.arange(len(values) + 1))
        if self._edges[-1] != len(owners):
            raise IndexError("A set has a value that does not exist")
        self.times = np.diff(self._edges)
        self._had = np.flatnonzero(self.times)
        self.size = int(max(sets.max(initial=0), owners.max(initial=0))) + 1
        self.width = int(np.bincount(owners).max(initial=0))
        self._beside: tuple[Ints, NDArray[Any]] | None = None

    def counts(self, docs: Ints) -> Ints:
        """How many of the documents have each value."""
        times = np.bincount(self.sets.take(docs), minlength=self.size)
        found: Ints = np.zeros(len(self.values), dtype=np.int64)
        of_owners = times.take(self.owners)
        found[self._had] = np.add.reduceat(of_owners, self._edges.take(self._had))
        return found

    def having(self, values: Iterable[Any], docs: Ints) -> Bools:
        """Whether each of the documents has any of some values."""
        sets = np.zeros(self.size, dtype=bool)
        for number in map(self._numbers.get, values):
            if number is not None:
                sets[self.owners[self._edges[number] : self._edges[number + 1]]] = True
        return sets.take(self.sets.take(docs))

    @cached_property
    def _numbers(self) -> dict[Any, int]:
        return {value: number for number, value in enumerate(self.values)}

    def beside(self, numbers: Ints) -> NDArray[Any]:
        """The values of every document (`width` x documents), by the number of each value.

        Numbers begin at `NONES`; what is below stands for nothing. Asked with the same numbers
        again, the answer is at hand.
        """
        if self._beside is None or not np.array_equal(self._beside[0], numbers):
            self._beside = numbers, self._put_beside(numbers)
        return self._beside[1]

    def _put_beside(self, numbers: Ints) -> NDArray[Any]:
        having = numbers.repeat(self.times)
        order = np.argsort(self.owners, kind="stable")
        owners, having = self.owners[order], having[order]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
        narrow = np.min_scalar_type(int(numbers.max(initial=NONES)))
        of_sets = np.zeros((self.width, self.size), dtype=narrow)
        of_sets[rank, owners] = having
        found = of_sets.take(self.sets, axis=1)
        for row in found:
            none = np.flatnonzero(row == 0)
            row[none] = none % NONES
        return found


class Joined:
    """The tallies of some segments, over whose documents numbers go on from one to the next.

    A value has the number that it got from the first segment which has it. So those of the large
    segments, which come first, stay as they are while small ones come and go.
    """

    def __init__(self, tallies: Sequence[Tally]) -> None:
        self._tallies = tallies
        self.values = list(dict.fromkeys(chain.from_iterable(tally.values for tally in tallies)))
        numbers = {value: number for number, value in enumerate(self.values)}
        self._places = [
            np.array([numbers[value] for value in tally.values], dtype=np.int64)
            for tally in tallies
        ]
        self._bases = np.cumsum([0, *(len(tally.sets) for tally in tallies)])
        self._width = max((tally.width for tally in tallies), default=0)
        self._owners = sum(len(tally.owners) for tally in tallies)

    def counts(self, docs: Ints) -> Ints:
        """How many of the documents, ascending, have each value.

        By sets each document costs one look-up and each value of a set another; by documents each
        costs as many as a document has values at most.
        """
        if self._owners < MANY:
            return self._whole.counts(docs)
        count = len(self.values)
        if self._width <= WIDEST and DEARER * (self._width - 1) * len(docs) < self._owners:
            own = self._beside.take(docs, axis=1)
            return np.bincount(own.reshape(-1), minlength=NONES + count)[NONES:]
        found: Ints = np.zeros(count, dtype=np.int64)
        for tally, places, own in self._split(docs):
            found[places] += tally.counts(own)
        return found

    def having(self, values: Collection[Any], docs: Ints) -> Bools:
        """Whether each of the documents, ascending, has any of some values."""
        if self._owners < MANY:
            return self._whole.having(values, docs)
        parts = [tally.having(values, own) for tally, _places, own in self._split(docs)]
        return np.concatenate([np.zeros(0, dtype=bool), *parts])

    def _split(self, docs: Ints) -> Iterator[tuple[Tally, Ints, Ints]]:
        edges = docs.searchsorted(self._bases).tolist()
        for number, (tally, places) in enumerate(zip(self._tallies, self._places, strict=True)):
            own = docs[edges[number] : edges[number + 1]]
            if len(own):
                yield tally, places, own - self._bases[number]

    @cached_property
    def _whole(self) -> Tally:
        """The same as one tally."""
        begins = np.cumsum([0, *(tally.size for tally in self._tallies)])
        narrow, none = np.min_scalar_type(begins[-1]), np.zeros(0, dtype=np.int64)
        sets, owners, having = [none.astype(narrow)], [none], [none]
        for tally, places, begin in zip(self._tallies, self._places, begins, strict=False):
            sets.append(tally.sets + begin.astype(narrow))
            owners.append(tally.owners + begin)
            having.append(places.repeat(tally.times))
        return Tally(self.values, *map(np.concatenate, (sets, owners, having)))

    @cached_property
    def _beside(self) -> NDArray[Any]:
        """What `Tally.beside` has, of all."""
        narrow = np.min_scalar_type(NONES + len(self.values))
        found = np.zeros((self._width, self._bases[-1]), dtype=narrow)
        for tally, places, base in zip(self._tallies, self._places, self._bases, strict=False):
            own = tally.beside(places + NONES)
            found[: len(own), base : base + own.shape[1]] = own
        return found
