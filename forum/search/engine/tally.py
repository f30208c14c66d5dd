"""Counting what documents have, where few different sets of values are had by many documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
WIDEST = 8
"""The most values of one document with which the values of each are kept beside it."""
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
        self._by_set: tuple[Ints, NDArray[Any]] | None = None
        self._beside: NDArray[Any] | None = None

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

    def of_sets(self, numbers: Ints) -> NDArray[Any]:
        """The values of every set (sets x `width`), by the number of each value, ascending.

        Numbers begin at `NONES`; what a set lacks to `width` are zeros before its values. Asked
        with the same numbers again, the answer is at hand, and that of `beside`.
        """
        if self._by_set is None or not np.array_equal(self._by_set[0], numbers):
            self._by_set, self._beside = (numbers, self._put_by_set(numbers)), None
        return self._by_set[1]

    def beside(self, numbers: Ints) -> NDArray[Any]:
        """The values of every document (documents x `width`), by the number of each value.

        What is below `NONES` stands for nothing.
        """
        of_sets = self.of_sets(numbers)
        if self._beside is None:
            self._beside = of_sets.take(self.sets, axis=0)
            flat = self._beside.reshape(-1)
            none = np.flatnonzero(flat == 0)
            flat[none] = none % NONES
        return self._beside

    def _put_by_set(self, numbers: Ints) -> NDArray[Any]:
        having = numbers.repeat(self.times)
        order = np.argsort(self.owners, kind="stable")
        owners, having = self.owners[order], having[order]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
        narrow = np.min_scalar_type(int(numbers.max(initial=NONES)))
        found = np.zeros((self.size, self.width), dtype=narrow)
        found[owners, rank] = having
        found.sort(axis=1)
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
        if self._width <= WIDEST and DEARER * (self._width - 1) * len(docs) < self._owners:
            own = self._beside.take(docs, axis=0)
            return np.bincount(own.reshape(-1), minlength=NONES + len(self.values))[NONES:]
        return self._whole.counts(docs)

    def having(self, values: Collection[Any], docs: Ints) -> Bools:
        """Whether each of the documents, ascending, has any of some values."""
        edges = docs.searchsorted(self._bases).tolist()
        parts = zip(self._tallies, self._bases, edges, edges[1:], strict=False)
        found = [tally.having(values, docs[one:end] - base) for tally, base, one, end in parts]
        return np.concatenate([np.zeros(0, dtype=bool), *found])

    @cached_property
    def _whole(self) -> Tally:
        """The same as one tally, in which equal sets of several segments are one."""
        begins = np.cumsum([0, *(tally.size for tally in self._tallies)])
        numbers = self._numbers_of_sets(begins[-1])
        is_first = np.zeros(begins[-1], dtype=bool)
        is_first[np.unique(numbers, return_index=True)[1]] = True
        none = np.zeros(0, dtype=np.int64)
        sets, owners, having = [none.astype(numbers.dtype)], [none], [none]
        for tally, places, begin in zip(self._tallies, self._places, begins, strict=False):
            own = tally.owners + begin
            first = is_first.take(own)
            sets.append(numbers[begin : begin + tally.size].take(tally.sets))
            owners.append(numbers.take(own[first]))
            having.append(places.repeat(tally.times)[first])
        return Tally(self.values, *map(np.concatenate, (sets, owners, having)))

    def _numbers_of_sets(self, count: int) -> NDArray[Any]:
        """A number for each set, segment by segment: the same for equal ones, if none is wide."""
        numbers = np.arange(count)
        if 0 < self._width <= WIDEST:
            pairs = zip(self._tallies, self._places, strict=True)
            numbers = _numbered([tally.of_sets(places + NONES) for tally, places in pairs])
        return numbers.astype(np.min_scalar_type(count))

    @cached_property
    def _beside(self) -> NDArray[Any]:
        """What `Tally.beside` has, of all."""
        narrow = np.min_scalar_type(NONES + len(self.values))
        found = np.zeros((self._bases[-1], self._width), dtype=narrow)
        for tally, places, base in zip(self._tallies, self._places, self._bases, strict=False):
            own = tally.beside(places + NONES)
            found[base : base + len(own), : own.shape[1]] = own
        return found


def _numbered(parts: Sequence[NDArray[Any]]) -> Ints:
    """A number for each row, the same for rows that hold the same, whatever zeros are before it."""
    width = max(part.shape[1] for part in parts)
    numbers = np.zeros(sum(map(len, parts)), dtype=np.int64)
    for place in range(-width, 0):
        column = np.concatenate(
            [
                part[:, place] if -place <= part.shape[1] else np.zeros(len(part), part.dtype)
                for part in parts
            ]
        ).astype(np.int64)
        pairs = numbers * (column.max(initial=0) + 1) + column
        numbers = np.unique(pairs, return_inverse=True)[1]
    return numbers
