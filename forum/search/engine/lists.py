"""Where terms are, as one view sees it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.found import RARE, SCRATCH
from forum.search.engine.segment import Field, Pairs
from forum.search.engine.snapshot import Docs, Mask, View


class Seen(NamedTuple):
    """The documents in view that have a term in a segment, as `Posting` has them; `base` is the
    segment's first document, `frequency` what counts for how telling the term is."""

    base: int
    docs: NDArray[Any]
    codes: NDArray[Any]
    pairs: Pairs
    frequency: int


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
                _seen(field, number, base, mask, stock=view.stock)
                for field, base, mask in zip(
                    self.fields(name), view.snapshot.bases, view.masks, strict=False
                )
                if (number := field.find(term)) >= 0
            ]
        return known

    def count(self, name: str, term: bytes) -> int:
        """How many documents have a term."""
        return sum(len(seen.docs) for seen in self.of(name, term))

    def among(self, found: Sequence[Seen], docs: Docs) -> list[Seen]:
        """As much of a term as is in some documents, ascending."""
        if len(docs) * RARE < sum(len(seen.docs) for seen in found):
            begins = docs.searchsorted([seen.base for seen in found]).tolist()
            places = [
                _looked_up(docs[first:last] - seen.base, seen.docs)
                for seen, first, last in zip(found, begins, (*begins[1:], len(docs)), strict=True)
            ]
        else:
            with SCRATCH.marked(self._view.snapshot.size, docs) as marks:
                places = [np.flatnonzero(marks[seen.base :].take(seen.docs)) for seen in found]
        return [
            seen._replace(docs=seen.docs.take(own), codes=seen.codes.take(own))
            for seen, own in zip(found, places, strict=True)
        ]


def _seen(field: Field, number: int, base: int, mask: Mask, *, stock: bool) -> Seen:
    docs, codes, pairs = field.posting(number)
    every = len(docs)
    if mask is not None:
        seen = np.flatnonzero(mask.take(docs))
        docs, codes = docs.take(seen), codes.take(seen)
    return Seen(base, docs, codes, pairs, every if stock else len(docs))


def _looked_up(wanted: Docs, among: NDArray[Any]) -> Docs:
    """The places of those of the wanted documents that are among others."""
    if not len(among):
        return among
    sought = wanted.astype(among.dtype)  # or all of the others would be made of the other type
    places = among.searchsorted(sought)
    places[places == len(among)] = 0
    found: Docs = places[among.take(places) == sought]
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
