"""Where terms are, as one view sees it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.found import NOTHING, RARE, SCRATCH
from forum.search.engine.segment import Field, Pairs
from forum.search.engine.snapshot import Docs, Mask, View


class Seen(NamedTuple):
    """The documents in view that have a term in a segment, as `Posting` has them; `base` is the
    segment's first document, `number` the term's in the field of that name, and `frequency` what
    counts for how telling the term is."""

    base: int
    name: str
    field: Field
    number: int
    docs: NDArray[Any]
    codes: NDArray[Any]
    pairs: Pairs
    frequency: int

    def at(self, places: Docs) -> Seen:
        """The documents at some places."""
        return self._replace(docs=self.docs.take(places), codes=self.codes.take(places))


class Lists:
    """The postings of terms; asked again, they are at hand."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[tuple[str, bytes], list[Seen]] = {}

    def fields(self, name: str) -> list[Field]:
        """A field in each segment."""
        return [segment.fields[name] for segment in self._view.snapshot.segments]

    def of(self, name: str, term: bytes) -> list[Seen]:
        """Where a term is, in the segments that have it."""
        known = self._known.get((name, term))
        if known is None:
            view = self._view
            known = self._known[name, term] = [
                self._seen(name, field, number, base, mask)
                for field, base, mask in zip(
                    self.fields(name), view.snapshot.bases, view.masks, strict=False
                )
                if (number := field.find(term)) >= 0
            ]
        return known

    def count(self, name: str, term: bytes) -> int:
        """How many documents have a term."""
        return sum(len(seen.docs) for seen in self.of(name, term))

    def _seen(self, name: str, field: Field, number: int, base: int, mask: Mask) -> Seen:
        docs, codes, pairs = field.posting(number)
        every = len(docs)
        if mask is not None:
            seen = np.flatnonzero(mask.take(docs))
            docs, codes = docs.take(seen), codes.take(seen)
        frequency = every if self._view.stock else len(docs)
        return Seen(base, name, field, number, docs, codes, pairs, frequency)

    def among(self, found: Sequence[Seen], docs: Docs) -> list[Seen]:
        """As much of a term as is in some documents, ascending."""
        size = self._view.snapshot.size
        begins = docs.searchsorted(np.array([seen.base for seen in found], dtype=np.int64))
        edges = [*begins.tolist(), len(docs)]
        return [
            seen.at(places_among(seen.docs, docs[first:last] - seen.base, size))
            for seen, first, last in zip(found, edges, edges[1:], strict=False)
        ]


def places_among(own: NDArray[Any], docs: Docs, size: int) -> Docs:
    """The places of those of a segment's documents that are among others, both ascending."""
    if not len(docs) or not len(own):
        return NOTHING.docs
    if len(docs) * RARE >= len(own):
        return SCRATCH.places(own, docs, size)
    sought = docs.astype(own.dtype)  # or all of the others would be made of the other type
    places = own.searchsorted(sought)
    places[places == len(own)] = 0
    found: Docs = places[own.take(places) == sought]
    return found


class Several(NamedTuple):
    """Of several terms one after another what is in view in a segment, and how many documents are
    each one's: `frequencies` count those that `Seen.frequency` does."""

    docs: NDArray[Any]
    codes: NDArray[Any]
    counts: NDArray[np.int64]
    frequencies: NDArray[np.int64]
    pairs: Pairs


def several_seen(field: Field, terms: range, mask: Mask, *, stock: bool) -> Several:
    """The postings of terms in a row."""
    docs, codes, every, pairs = field.postings(terms)
    if mask is None:
        return Several(docs, codes, every, every, pairs)
    seen = np.flatnonzero(mask.take(docs))
    of_term = np.repeat(np.arange(len(terms)), every).take(seen)
    counts = np.bincount(of_term, minlength=len(terms))
    return Several(docs.take(seen), codes.take(seen), counts, every if stock else counts, pairs)


def numbered(fields: Sequence[Field], ranges: Sequence[range]) -> tuple[list[Docs], int]:
    """Terms of all segments numbered through, equal ones alike; and how many there are."""
    if len(fields) == 1:
        return [np.arange(len(ranges[0]))], len(ranges[0])
    texts = [field.texts(own) for field, own in zip(fields, ranges, strict=True)]
    different = dict.fromkeys(chain.from_iterable(texts))
    numbers = dict(zip(different, range(len(different)), strict=True))
    found = [np.array([numbers[text] for text in own], dtype=np.int64) for own in texts]
    return found, len(numbers)


def first_seen(field: Field, terms: range, mask: Mask, most: int) -> list[int]:
    """The first so many of terms in a row which documents in view have."""
    if mask is None:
        return list(terms[:most])
    found: list[int] = []
    for first in range(0, len(terms), most):
        part = terms[first : first + most]
        docs, _codes, counts, _pairs = field.postings(part)
        of_term = np.repeat(np.arange(part.start, part.stop), counts)
        found += np.unique(of_term[mask[docs]]).tolist()
        if len(found) >= most:
            break
    return found[:most]
