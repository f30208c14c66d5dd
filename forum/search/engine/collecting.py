"""Taking in the words of documents as numbers; all that is known of a word is worked out once.

A text is a row of *pieces*: whatever comes again and again, such as words with the punctuation
beside them. What a piece stands for is told once; ever after it is a number, and a document no more
than a row of numbers, until a whole segment is expanded at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.inverted import U32, Inverted, Words, invert, present
from forum.search.engine.lengths import bytes_of

Ints = NDArray[np.int64]
NUMBER = "I"
"""The type of the numbers of pieces, for `array`."""


class Pieces:
    """What each piece stands for: terms at places, the first place being 0, and its width.

    A document's length is the sum of the widths. Several terms may share a place; places of a piece
    never go down, and are below its width unless that is 0.
    """

    def __init__(self) -> None:
        self.terms: dict[bytes, int] = {}
        self._starts, self._values = array(NUMBER, [0]), array(NUMBER)
        self._places, self._widths = array(NUMBER), array(NUMBER)

    def learn(self, terms: Iterable[tuple[str, int]], width: int) -> int:
        """The number of a new piece, which stands for these terms, each at its place."""
        known = self.terms
        for term, place in terms:
            number = known.setdefault(term.encode("utf-8", "replace"), len(known))
            self._values.append(number)
            self._places.append(place)
        self._starts.append(len(self._values))
        self._widths.append(width)
        return len(self._widths) - 1

    def table(self) -> Table:
        """All of it as arrays, which later pieces do not change."""
        found = (self._starts, self._values, self._places, self._widths)
        return Table(*(np.array(one, dtype=np.uint32) for one in found))


class Table(NamedTuple):
    """The terms of piece i are `values[starts[i]:starts[i + 1]]`, at `places` of the same."""

    starts: U32
    values: U32
    places: U32
    widths: U32


class Collector:
    """Takes the pieces of one field, document after document, and inverts them at the end."""

    def __init__(self, pieces: Pieces, *, positions: bool, scored: bool) -> None:
        self._vocabulary, self._positional, self._scored = pieces, positions, scored
        self._pieces = array(NUMBER)
        self._counts, self._gaps, self._weights = array(NUMBER), array(NUMBER), array("f")
        self._runs = array(NUMBER)
        self._begun = 0

    def __len__(self) -> int:
        return len(self._pieces)

    def add(self, pieces: array[int], weight: float = 1.0, gap: int = 0) -> None:
        """A row of pieces of the current document, each counting `weight`.

        It comes after what the document has already, with `gap` places left free between the two.
        """
        self._pieces.extend(pieces)
        self._counts.append(len(pieces))
        self._weights.append(weight)
        self._gaps.append(gap)

    def end_document(self) -> None:
        """The next pieces are another document's."""
        self._runs.append(len(self._counts) - self._begun)
        self._begun = len(self._counts)

    def inverted(self) -> Inverted:
        """What was collected."""
        table, pieces = self._vocabulary.table(), np.frombuffer(self._pieces, dtype=np.uint32)
        counts, runs = _numbers(self._counts), _numbers(self._runs)
        weights = np.array(self._weights, dtype=np.float32)
        widths = table.widths[pieces].astype(np.int64)
        run_of = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
        doc_of = np.repeat(np.arange(len(runs), dtype=np.uint32), runs)
        lengths = np.zeros(len(runs), dtype=np.int64)
        if self._scored:
            of_runs = np.bincount(run_of, widths, len(counts)) * weights
            lengths = np.ceil(np.bincount(doc_of, of_runs, len(runs))).astype(np.int64)
        owners, at = _spread(table, pieces)
        places = None
        if self._positional:
            own = _places(widths, counts, _numbers(self._gaps), runs)
            places = own.astype(np.uint32)[owners] + table.places[at]
        terms, numbers = present(self._vocabulary.terms, table.values[at])
        owners = run_of[owners]
        found = Words(numbers, doc_of[owners], weights[owners], places)
        return invert(terms, found, bytes_of(lengths), int(lengths.sum()))


def _numbers(numbers: array[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _spread(table: Table, pieces: U32) -> tuple[U32, U32]:
    """For each term of a row of pieces, whose it is in the row, and where in the table it is."""
    first = table.starts[pieces]
    sizes = table.starts[1:][pieces] - first
    ends = np.cumsum(sizes)
    # Differences may be below nothing in between: the sums come out right all the same.
    before = (first - (ends - sizes)).astype(np.uint32)
    at = np.repeat(before, sizes) + np.arange(ends[-1] if len(ends) else 0, dtype=np.uint32)
    return np.repeat(np.arange(len(pieces), dtype=np.uint32), sizes), at


def _places(widths: Ints, counts: Ints, gaps: Ints, runs: Ints) -> Ints:
    """Where in its document each piece begins. All sums go on through all documents: what they
    have come to where a document begins is taken off again."""
    ends = np.concatenate([[0], np.cumsum(widths)])
    begins, free = ends[np.cumsum(counts) - counts], np.cumsum(gaps)
    some = runs[runs > 0]
    firsts = np.cumsum(some) - some
    base = np.repeat(begins[firsts] + free[firsts], some)
    found: Ints = ends[:-1] + np.repeat(free - base, counts)
    return found
