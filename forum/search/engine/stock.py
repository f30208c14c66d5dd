"""A segment read through Whoosh's own files: what answers while there are no arrays, and what they
are made from when they have been lost."""

from __future__ import annotations

import threading
import weakref
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any
from zlib import decompress

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, STORED_COLUMN, _lenfield
from whoosh.columns import VarBytesColumn
from whoosh.formats import Positions
from whoosh.reading import SegmentReader

from forum.search.engine.columns import Columns, Plan, collected
from forum.search.engine.inverted import Inverted, Words, invert
from forum.search.engine.segment import Pairs, Posting, Postings, Segment
from forum.search.engine.terms import AFTER_ALL

APART = 1 << 32
"""Spots between two documents: more than a document has words."""


class Unreadable(Exception):
    """Whoosh's files are damaged; the index has to be made anew."""


class Files:
    """A segment's files in the hands of Whoosh's reader, which has one place in each."""

    def __init__(self, storage: Any, schema: Any, segment: Any) -> None:
        self._lock = threading.RLock()
        with self.reading():
            self.reader = SegmentReader(storage, schema, segment)
        # A snapshot may still be in use when the next one has come: the last user closes the files.
        weakref.finalize(self, _close, self.reader)
        self.size = int(segment.doc_count_all())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One thread at a time; damage gets one name."""
        with self._lock:
            try:
                yield
            # Whoosh reports damage in whatever way the damaged bytes lead it.
            except Exception as trouble:
                raise Unreadable(type(trouble).__name__) from trouble


def _close(reader: Any) -> None:
    with suppress(Exception):
        reader.close()


class StockField:
    """A field as Whoosh reads it, a term at a time."""

    def __init__(self, files: Files, name: str) -> None:
        self._files, self._name = files, name
        self._format = files.reader.schema[name].format

    @cached_property
    def _known(self) -> list[bytes]:
        with self._files.reading():
            found = []
            for name, term in self._files.reader._terms.terms_from(self._name, b""):
                if name != self._name:
                    break
                found.append(term)
        return found

    @cached_property
    def lengths(self) -> NDArray[np.uint8]:
        """The length byte of every document."""
        with self._files.reading():
            kept = self._files.reader._perdoc._cached_reader(_lenfield(self._name), LENGTHS_COLUMN)
            if kept is None:
                return np.zeros(self._files.size, dtype=np.uint8)
            return np.array([kept[doc] for doc in range(self._files.size)], dtype=np.uint8)

    @property
    def total(self) -> int:
        """The sum of the exact lengths."""
        return int(self._files.reader.field_length(self._name))

    @cached_property
    def firsts(self) -> NDArray[Any]:
        """The first spot of each document, and of the one that would come after the last."""
        count = self._files.size + 1 if isinstance(self._format, Positions) else 0
        return np.arange(count, dtype=np.int64) * APART

    def find(self, term: bytes) -> int:
        """The number of a term; -1 when nothing has it."""
        number = bisect_left(self._known, term)
        return number if self._known[number : number + 1] == [term] else -1

    def beginning(self, prefix: bytes) -> range:
        """The numbers of the terms that begin so."""
        first = bisect_left(self._known, prefix)
        return range(first, bisect_left(self._known, prefix + AFTER_ALL, first))

    def text(self, number: int) -> bytes:
        """A term."""
        return self._known[number]

    def texts(self, numbers: range) -> list[bytes]:
        """Terms which follow one another."""
        return self._known[numbers.start : numbers.stop]

    def posting(self, number: int) -> Posting:
        """The documents that have a term."""
        docs: list[int] = []
        weights: list[float] = []
        for matcher in self._blocks(number):
            docs += matcher._ids
            weights += matcher._weights
        found = np.array(docs, dtype=np.uint32)
        pairs = Pairs(np.array(weights, dtype=np.float32), self.lengths[found])
        return Posting(found, np.arange(len(found)), pairs)

    def postings(self, numbers: range) -> Postings:
        """The documents that have terms which follow one another."""
        found = [self.posting(number) for number in numbers]
        none = np.zeros(0, dtype=np.uint32)
        docs = np.concatenate([none, *(one.docs for one in found)])
        weights = np.concatenate([none, *(one.pairs.weights for one in found)])
        counts = np.array([len(one.docs) for one in found], dtype=np.int64)
        pairs = Pairs(weights.astype(np.float32), self.lengths[docs])
        return Postings(docs, np.arange(len(docs)), counts, pairs)

    def spots(self, number: int) -> NDArray[np.int64]:
        """Where a term stands, ascending through all documents."""
        decode = self._format.decode_positions
        spots = [
            doc * APART + place
            for matcher in self._blocks(number)
            for doc, value in zip(matcher._ids, matcher._values, strict=True)
            for place in decode(value)
        ]
        return np.array(spots, dtype=np.int64)

    def _blocks(self, number: int) -> Iterator[Any]:
        """The matcher of a term at each of its blocks, which it has read."""
        with self._files.reading():
            terms = self._files.reader._terms
            # Not the reader's own postings(): those leave out what is deleted, and our numbers of
            # documents and frequencies are those of all.
            matcher = terms.matcher(self._name, self._known[number], self._format)
            while matcher.is_active():
                matcher.id(), matcher.weight(), matcher.value()
                yield matcher
                matcher._next_block()


def stock_segment(files: Files, plan: Plan) -> Segment:
    """A segment that is read through Whoosh."""
    names = [name for name, field in files.reader.schema.items() if field.indexed]
    return Segment(
        files.size, {name: StockField(files, name) for name in names}, columns_of(files, plan)
    )


def columns_of(files: Files, plan: Plan) -> Columns:
    """The columns, from what is stored of each document."""
    with files.reading():
        stored = [files.reader.stored_fields(doc) for doc in range(files.size)]
    return collected(plan, stored)


def stored_in(files: Files, keep: NDArray[np.bool_] | None) -> Iterator[bytes]:
    """What is stored of each document that is kept, as Whoosh has written it.

    Raises Unreadable where it is damaged, which is seen by the checksum that each has.
    """
    with files.reading():
        column = files.reader._perdoc._cached_reader("_stored", STORED_COLUMN)._child
        docs = range(files.size) if keep is None else np.flatnonzero(keep).tolist()
        for doc in docs:
            raw = VarBytesColumn.Reader.__getitem__(column, doc)
            decompress(raw)
            yield raw


def inverted_of(field: StockField) -> Inverted:
    """All of a field, for a file of arrays that was lost."""
    terms, docs, weights, places = [], [], [], []
    known = field._known
    for number in range(len(known)):
        posting = field.posting(number)
        spots = field.spots(number) if len(field.firsts) else None
        of_doc = posting.docs if spots is None else (spots // APART).astype(np.uint32)
        # A posting's weight need not be a multiple of its words: the first word carries all of it.
        carried = np.zeros(len(of_doc), dtype=np.float32)
        carried[np.searchsorted(of_doc, posting.docs)] = posting.pairs.weights
        terms.append(np.full(len(of_doc), number, dtype=np.uint32))
        docs.append(of_doc)
        weights.append(carried)
        places.append(spots % APART if spots is not None else of_doc)
    none = np.zeros(0, dtype=np.uint32)
    words = Words(
        np.concatenate([none, *terms]),
        np.concatenate([none, *docs]),
        np.concatenate([none.astype(np.float32), *weights]),
        np.concatenate([none, *places]).astype(np.uint32) if len(field.firsts) else None,
    )
    return invert(known, words, field.lengths, field.total)
