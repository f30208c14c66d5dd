"""What documents are filtered, counted and sorted by: numbers, and labels of which one may have
any number. They follow from what Whoosh stores of a document, and can be had from there again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.inverted import U32
from forum.search.engine.terms import Terms, packed

Ints = NDArray[np.int64]
Stored = Mapping[str, Any]
PARTS = ("text", "ends", "owners", "values")
FEW = 20
"""Below one document in so many, their labels are looked up instead of looking through all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns there are, and how each is read from the stored fields of a document."""

    numbers: Mapping[str, Callable[[Stored], int]]
    labels: Mapping[str, Callable[[Stored], Iterable[str]]]


@dataclass(frozen=True, slots=True)
class Labels:
    """Which document has which label: `owners` (documents, ascending) beside `values` (numbers of
    the labels in `text` and `ends`, which are in the order of their bytes)."""

    text: NDArray[np.uint8]
    ends: U32
    owners: U32
    values: U32

    @property
    def words(self) -> Terms:
        """The labels."""
        return Terms(self.text, self.ends)

    def owners_of(self, wanted: Iterable[bytes]) -> U32:
        """The documents that have any of some labels."""
        words = self.words
        numbers = [number for word in wanted if (number := words.find(word)) >= 0]
        found: U32 = self.owners[np.isin(self.values, numbers)]
        return found

    def of(self, docs: Ints, size: int) -> U32:
        """The numbers of the labels of some documents of `size`, one each time a label is there."""
        if len(docs) == size:
            return self.values
        if len(docs) * FEW < size:
            firsts = np.searchsorted(self.owners, docs)
            counts = np.searchsorted(self.owners, docs, "right") - firsts
            ends = np.cumsum(counts)
            within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
            return self._at(np.repeat(firsts, counts) + within)
        wanted = np.zeros(size, dtype=bool)
        wanted[docs] = True
        return self._at(wanted[self.owners])

    def _at(self, places: NDArray[Any]) -> U32:
        found: U32 = self.values[places]
        return found


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of n documents: `numbers` by name (n each), and labels by name."""

    numbers: Mapping[str, Ints]
    labels: Mapping[str, Labels]

    def named(self) -> dict[str, NDArray[Any]]:
        """Their arrays by name, for a file."""
        found: dict[str, NDArray[Any]] = {f"number:{n}": a for n, a in self.numbers.items()}
        for name, labels in self.labels.items():
            found.update({f"label:{name}.{part}": getattr(labels, part) for part in PARTS})
        return found

    @classmethod
    def of(cls, plan: Plan, arrays: Any) -> Columns:
        """The columns in a file of arrays."""
        return cls(
            {name: arrays[f"number:{name}"] for name in plan.numbers},
            {
                name: Labels(*(arrays[f"label:{name}.{part}"] for part in PARTS))
                for name in plan.labels
            },
        )


def collected(plan: Plan, documents: Sequence[Stored]) -> Columns:
    """The columns of some documents."""
    return Columns(
        {
            name: np.array([read(stored) for stored in documents], dtype=np.int64)
            for name, read in plan.numbers.items()
        },
        {
            name: _labels([tuple(read(stored)) for stored in documents])
            for name, read in plan.labels.items()
        },
    )


def _labels(lists: Sequence[Sequence[str]]) -> Labels:
    words = sorted({label.encode() for labels in lists for label in labels})
    numbers = {word: number for number, word in enumerate(words)}
    owners = np.repeat(np.arange(len(lists), dtype=np.uint32), [len(labels) for labels in lists])
    values = [numbers[label.encode()] for labels in lists for label in labels]
    return Labels(*packed(words), owners, np.array(values, dtype=np.uint32))
