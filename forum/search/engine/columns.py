"""What documents are filtered, counted and sorted by: numbers, and labels of which one may have
any number. They follow from what Whoosh stores of a document, and can be had from there again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.inverted import U32
from forum.search.engine.tally import Tally
from forum.search.engine.terms import Terms, packed

Ints = NDArray[np.int64]
Stored = Mapping[str, Any]
PARTS = ("text", "ends", "starts", "values", "sets")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns there are, and how each is read from the stored fields of a document."""

    numbers: Mapping[str, Callable[[Stored], int]]
    labels: Mapping[str, Callable[[Stored], Iterable[str]]]


class Labels:
    """Which document has which labels. Few sets of labels are different, so each is kept once.

    `text`, `ends`: the labels in the order of their bytes. `starts` (s + 1), `values`: the labels
    of set i are `values[starts[i]:starts[i + 1]]`. `sets` (n): the set of every document.
    """

    def __init__(
        self, text: NDArray[np.uint8], ends: U32, starts: U32, values: U32, sets: NDArray[Any]
    ) -> None:
        self.text, self.ends = text, ends
        self.starts, self.values, self.sets = starts, values, sets

    @cached_property
    def words(self) -> list[str]:
        """The labels."""
        return [word.decode() for word in Terms(self.text, self.ends)]

    def first_of_sets(self) -> list[str]:
        """A label of each set; nothing for a set without any."""
        starts, values, words = self.starts.tolist(), self.values.tolist(), self.words
        return [words[values[a]] if a < b else "" for a, b in pairwise(starts)]

    @cached_property
    def tally(self) -> Tally:
        """What counts them."""
        owners = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return Tally(self.words, self.sets, owners, self.values)

    def having(self, wanted: Iterable[str]) -> NDArray[np.bool_]:
        """Whether each document has any of some labels."""
        return self.tally.having(wanted, np.arange(len(self.sets)))


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
            name: _narrowed(np.array([read(stored) for stored in documents], dtype=np.int64))
            for name, read in plan.numbers.items()
        },
        {
            name: _labels([tuple(read(stored)) for stored in documents])
            for name, read in plan.labels.items()
        },
    )


def _narrowed(found: Ints) -> Ints:
    """Numbers in as few bytes as the largest needs."""
    if not len(found) or found.min() < 0:
        return found
    return found.astype(np.min_scalar_type(int(found.max())))


def _labels(lists: Sequence[tuple[str, ...]]) -> Labels:
    """The labels of each document, of which the order does not matter."""
    known: dict[tuple[str, ...], int] = {}
    written = np.array([known.setdefault(own, len(known)) for own in lists], dtype=np.int64)
    coded = [sorted({label.encode("utf-8", "replace") for label in own}) for own in known]
    return _numbered(coded, written)


def _numbered(coded: Sequence[Sequence[bytes]], sets: Ints) -> Labels:
    """Labels of which `coded` has the sets, some perhaps alike."""
    words = sorted({label for own in coded for label in own})
    numbers = {word: number for number, word in enumerate(words)}
    known: dict[tuple[int, ...], int] = {}
    places = [known.setdefault(tuple(numbers[label] for label in own), len(known)) for own in coded]
    of_sets = np.array(places, dtype=np.min_scalar_type(len(known)))
    starts = np.cumsum([0, *(len(own) for own in known)], dtype=np.uint32)
    values = np.array([number for own in known for number in own], dtype=np.uint32)
    return Labels(*packed(words), starts, values, of_sets[sets])


def joined(parts: Sequence[tuple[Columns, NDArray[np.bool_] | None]]) -> Columns:
    """The columns over the documents that are kept of all parts, in that order."""
    whole = [(found, slice(None) if keep is None else keep) for found, keep in parts]
    first, _keep = whole[0]
    numbers = {
        name: [found.numbers[name][keep].astype(np.int64) for found, keep in whole]
        for name in first.numbers
    }
    labels = {
        name: _joined_labels([(found.labels[name], keep) for found, keep in whole])
        for name in first.labels
    }
    return Columns({name: _narrowed(np.concatenate(of)) for name, of in numbers.items()}, labels)


def _joined_labels(parts: Sequence[tuple[Labels, Any]]) -> Labels:
    coded: list[list[bytes]] = []
    sets = []
    for labels, keep in parts:
        words = list(Terms(labels.text, labels.ends))
        used, own = np.unique(labels.sets[keep], return_inverse=True)
        sets.append(own + len(coded))
        for number in used.tolist():
            values = labels.values[labels.starts[number] : labels.starts[number + 1]]
            coded.append([words[value] for value in values.tolist()])
    return _numbered(coded, np.concatenate(sets))
