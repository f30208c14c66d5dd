"""One segment of an index, as it is searched: from the arrays beside it or, where those are
missing, from Whoosh's own files, slower and with the same answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.arrays import Arrays, Damaged
from forum.search.engine.columns import Columns
from forum.search.engine.inverted import U32, Inverted

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs (weight of a term, length byte of the field) that codes stand for."""

    weights: NDArray[np.float32]
    sizes: NDArray[np.uint8]
    tables: dict[Any, Table] = field(default_factory=dict)
    """What each pair is worth, by the formula and its figures: filled by whoever asks."""


class Postings(NamedTuple):
    """Of several terms one after another: as `Posting`, and how many are each one's."""

    docs: U32
    codes: NDArray[Any]
    counts: NDArray[np.int64]
    pairs: Pairs


class Posting(NamedTuple):
    """The documents of a segment that have a term, ascending, and the code of each."""

    docs: U32
    codes: NDArray[Any]
    pairs: Pairs


class Field(Protocol):
    """A field of a segment."""

    @property
    def lengths(self) -> NDArray[np.uint8]:
        """The length byte of every document."""

    @property
    def total(self) -> int:
        """The sum of the exact lengths."""

    @property
    def firsts(self) -> NDArray[Any]:
        """The first spot of each document, and of the one that would come after the last."""

    def find(self, term: bytes) -> int:
        """The number of a term; -1 when nothing has it."""

    def beginning(self, prefix: bytes) -> range:
        """The numbers of the terms that begin so."""

    def text(self, number: int) -> bytes:
        """A term."""

    def texts(self, numbers: range) -> list[bytes]:
        """Terms which follow one another."""

    def posting(self, number: int) -> Posting:
        """The documents that have a term."""

    def postings(self, numbers: range) -> Postings:
        """The documents that have terms which follow one another."""

    def spots(self, number: int) -> NDArray[Any]:
        """Where a term stands, ascending through all documents."""


class ArrayField:
    """A field in the arrays of a segment."""

    def __init__(self, inverted: Inverted) -> None:
        self._inverted, self._terms = inverted, inverted.terms
        self._starts, self._places = inverted.starts.data, inverted.places.data
        self._pairs = Pairs(inverted.weights, inverted.sizes)

    @property
    def lengths(self) -> NDArray[np.uint8]:
        """The length byte of every document."""
        return self._inverted.lengths

    @property
    def total(self) -> int:
        """The sum of the exact lengths."""
        return self._inverted.total

    @property
    def firsts(self) -> NDArray[Any]:
        """The first spot of each document, and of the one that would come after the last."""
        return self._inverted.firsts

    def find(self, term: bytes) -> int:
        """The number of a term; -1 when nothing has it."""
        return self._terms.find(term)

    def beginning(self, prefix: bytes) -> range:
        """The numbers of the terms that begin so."""
        return self._terms.beginning(prefix)

    def text(self, number: int) -> bytes:
        """A term."""
        return self._terms[number]

    def texts(self, numbers: range) -> list[bytes]:
        """Terms which follow one another."""
        return self._terms.between(numbers)

    def posting(self, number: int) -> Posting:
        """The documents that have a term."""
        own = slice(self._starts[number], self._starts[number + 1])
        return Posting(self._inverted.docs[own], self._inverted.codes[own], self._pairs)

    def postings(self, numbers: range) -> Postings:
        """The documents that have terms which follow one another."""
        starts = self._inverted.starts[numbers.start : numbers.stop + 1]
        own = slice(self._starts[numbers.start], self._starts[numbers.stop])
        counts = np.diff(starts).astype(np.int64)
        return Postings(self._inverted.docs[own], self._inverted.codes[own], counts, self._pairs)

    def spots(self, number: int) -> U32:
        """Where a term stands, ascending through all documents."""
        first = self._places[self._starts[number]]
        return self._inverted.spots[first : self._places[self._starts[number + 1]]]


class Segment:
    """A segment: its fields and columns. Never changes; deletions are the snapshot's business."""

    def __init__(
        self,
        size: int,
        fields: Mapping[str, Field],
        columns: Columns,
        mapped: Arrays | None = None,
    ) -> None:
        self.size, self.fields, self.columns = size, fields, columns
        self._mapped = mapped
        self.kept: dict[Any, Any] = {}
        """What was worked out over this segment, by whoever did; it stays true."""

    def beside(self, suffix: str) -> Path | None:
        """Where somebody may put what they work out over this segment: files of its name live as
        long as it does. None while its own file of arrays is lost.
        """
        return self._mapped.path.with_suffix(suffix) if self._mapped else None

    @property
    def is_whole(self) -> bool:
        """Whether its file can still be read to the end."""
        return self._mapped is None or self._mapped.is_whole

    @property
    def is_as_written(self) -> bool:
        """The same of every byte in it, which takes to read them all."""
        try:
            if self._mapped is not None:
                self._mapped.check()
        except Damaged:
            return False
        return True
