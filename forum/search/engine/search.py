"""Answering queries over arrays: which documents fit, and how well."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engine import queries
from forum.search.engine.segment import Field, Posting
from forum.search.engine.snapshot import Docs, Mask, Snapshot, View, concatenated
from forum.search.engine.stock import Unreadable

Scores = NDArray[np.float64]


class Found(NamedTuple):
    """Documents, ascending, and the score of each."""

    docs: Docs
    scores: Scores


MANY = 8
"""From so many terms on, those of a prefix are taken together."""
NOTHING = Found(np.zeros(0, dtype=np.int64), np.zeros(0))


class Scratch(threading.local):
    """A number and a counter for every document, one of each a thread; zero between two uses."""

    def __init__(self) -> None:
        self.sums = np.zeros(0)
        self.hits = np.zeros(0, dtype=np.uint16)

    def of(self, size: int) -> tuple[Scores, NDArray[np.uint16]]:
        """Both, for so many documents."""
        if len(self.sums) < size:
            self.sums = np.zeros(size + size // 8)
            self.hits = np.zeros(size + size // 8, dtype=np.uint16)
        return self.sums[:size], self.hits[:size]


_scratch = Scratch()


class Search:
    """Answers queries for one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._size = view.snapshot.size
        self._known: dict[queries.Query, Found] = {}

    @property
    def snapshot(self) -> Snapshot:
        """What is searched."""
        return self._view.snapshot

    @property
    def view(self) -> View:
        """How it is seen."""
        return self._view

    def find(self, query: queries.Query) -> Found:
        """The documents that fit a query; asked again, the answer is at hand.

        Raises stock.Unreadable when the index is damaged.
        """
        known = self._known.get(query)
        if known is None:
            try:
                known = self._known[query] = ANSWERS[type(query)](self, query)
            except (IndexError, ValueError) as trouble:
                # Numbers in a damaged file lead out of its arrays; nothing else here does.
                raise Unreadable(type(trouble).__name__) from trouble
        return known

    def frequency(self, field: str, text: str) -> int:
        """How many documents have a term: less work than to find and score them.

        Raises stock.Unreadable when the index is damaged.
        """
        try:
            found = self._postings(field, text.encode("utf-8", "replace"))
            return sum(
                len(posting.docs) if mask is None else int(np.count_nonzero(mask[posting.docs]))
                for _base, mask, posting in found
            )
        except (IndexError, ValueError) as trouble:
            raise Unreadable(type(trouble).__name__) from trouble

    def _term(self, query: queries.Term) -> Found:
        return self._scored(query.field, query.text.encode("utf-8", "replace"), query.boost)

    def _every(self, query: queries.Every) -> Found:
        docs = [
            np.arange(count) if mask is None else np.flatnonzero(mask)
            for mask, count in zip(self._view.masks, self._view.counts, strict=True)
        ]
        every = concatenated([d + base for d, base in zip(docs, self._bases, strict=True)])
        return Found(every, np.full(len(every), query.score))

    def _fitting(self, query: queries.Fitting) -> Found:
        docs = self.find(queries.Every(0.0)).docs
        fitting = docs[query.test(self.snapshot, docs)]
        return Found(fitting, np.zeros(len(fitting)))

    def _prefix(self, query: queries.Prefix) -> Found:
        prefix = query.text.encode("utf-8", "replace")
        fields = self._fields(query.field)
        ranges = self._first(fields, [field.beginning(prefix) for field in fields], query.most)
        if sum(map(len, ranges)) < MANY:
            terms = sorted({f.text(n) for f, own in zip(fields, ranges, strict=True) for n in own})
            return self._summed([self._scored(query.field, t, query.boost) for t in terms])
        return self._at_once(query, fields, ranges)

    def _first(
        self, fields: Sequence[Field], ranges: Sequence[range], most: int
    ) -> Sequence[range]:
        """As much of the terms of each segment as has the first `most` of those in view.

        What is hidden is not counted, so that it changes nothing.
        """
        if sum(map(len, ranges)) <= most:
            return ranges
        masks = self._view.masks
        seen = [
            _seen(f, own, mask, most) for f, own, mask in zip(fields, ranges, masks, strict=True)
        ]
        texts = {field.text(n) for field, own in zip(fields, seen, strict=True) for n in own}
        if len(texts) < most:
            return ranges
        last = sorted(texts)[most - 1]
        return [
            own[: bisect_right(own, last, key=field.text)]
            for field, own in zip(fields, ranges, strict=True)
        ]

    def _any(self, query: queries.Any) -> Found:
        return self._summed([self.find(part) for part in query.parts], query.least)

    def _all(self, query: queries.All) -> Found:
        parts = [self.find(part) for part in query.parts]
        return _common(parts) if parts else NOTHING

    def _best(self, query: queries.Best) -> Found:
        return self._summed([self.find(part) for part in query.parts], best=True)

    def _without(self, query: queries.Without) -> Found:
        wanted, unwanted = self.find(query.wanted), self.find(query.unwanted)
        _places, has = _where(wanted.docs, unwanted.docs)
        return Found(wanted.docs[~has], wanted.scores[~has])

    def _preferring(self, query: queries.Preferring) -> Found:
        wanted, liked = self.find(query.wanted), self.find(query.liked)
        places, has = _where(wanted.docs, liked.docs)
        scores = wanted.scores.copy()
        scores[has] += liked.scores[places[has]]
        return Found(wanted.docs, scores)

    def _phrase(self, query: queries.Phrase) -> Found:
        terms = [text.encode("utf-8", "replace") for text in query.texts]
        parts = [self._scored(query.field, term, query.boost) for term in terms]
        if not parts or not all(len(part.docs) for part in parts):
            return NOTHING
        rows = [
            _in_a_row(field, terms) + base
            for field, base in zip(self._fields(query.field), self._bases, strict=True)
        ]
        docs = concatenated(rows)
        return _common([Found(docs, np.zeros(len(docs))), *parts])

    @property
    def _bases(self) -> list[int]:
        return self._view.snapshot.bases[:-1]

    def _fields(self, name: str) -> list[Field]:
        return [segment.fields[name] for segment in self._view.snapshot.segments]

    def _postings(self, name: str, term: bytes) -> Iterator[tuple[int, Mask, Posting]]:
        for field, base, mask in zip(
            self._fields(name), self._bases, self._view.masks, strict=True
        ):
            number = field.find(term)
            if number >= 0:
                yield base, mask, field.posting(number)

    def _scored(self, name: str, term: bytes, boost: float) -> Found:
        view, formula = self._view, self._view.formula
        docs, worths, frequency = [], [], 0
        for base, mask, posting in self._postings(name, term):
            own, codes = posting.docs, posting.codes
            frequency += len(own) if view.stock else 0
            if mask is not None:
                seen = mask[own]
                own, codes = own[seen], codes[seen]
            docs.append(own.astype(np.int64) + base)
            worths.append(formula.table(name, view.mean(name), posting.pairs)[codes])
        found = concatenated(docs)
        if not len(found):
            return NOTHING
        return Found(found, concatenated(worths) * (view.idf(frequency or len(found)) * boost))

    def _at_once(
        self, query: queries.Prefix, fields: Sequence[Field], ranges: Sequence[range]
    ) -> Found:
        """The sum over many terms, without looking at each: they lie side by side."""
        view = self._view
        places: dict[bytes, int] = {}
        docs, worths, terms, all_terms = [], [], [], []
        for field, own, base, mask in zip(fields, ranges, self._bases, view.masks, strict=True):
            if not own:
                continue
            found = field.postings(own)
            numbers = np.array([places.setdefault(field.text(n), len(places)) for n in own])
            of_term, seen = numbers[found.terms], slice(None) if mask is None else mask[found.docs]
            table = view.formula.table(query.field, view.mean(query.field), found.pairs)
            docs.append(found.docs[seen].astype(np.int64) + base)
            worths.append(table[found.codes[seen]])
            terms.append(of_term[seen])
            all_terms.append(of_term)
        counted = all_terms if view.stock else terms
        frequencies = np.bincount(np.concatenate(counted), minlength=len(places))
        idf = view.formula.idf(view.documents, frequencies)
        scores = np.concatenate(worths) * idf[np.concatenate(terms)] * query.boost
        everywhere = np.concatenate(docs)
        sums: Scores = np.bincount(everywhere, scores, self._size).astype(np.float64)
        fitting = np.flatnonzero(np.bincount(everywhere, minlength=self._size))
        return Found(fitting, sums[fitting])

    def _summed(self, parts: Sequence[Found], least: int = 1, *, best: bool = False) -> Found:
        """Documents in at least so many of the parts, with the sum of their scores or the best."""
        parts = [part for part in parts if len(part.docs)]
        if len(parts) < least or not parts:
            return NOTHING
        if len(parts) == 1:
            return parts[0]
        sums, hits = _scratch.of(self._size)
        try:
            for docs, scores in parts:
                sums[docs] = np.maximum(sums[docs], scores) if best else sums[docs] + scores
                hits[docs] += 1
            docs = np.flatnonzero(hits >= least)
            return Found(docs, sums[docs])
        finally:
            for part in parts:
                sums[part.docs] = 0
                hits[part.docs] = 0


ANSWERS: dict[type, Callable[[Search, Any], Found]] = {
    queries.Term: Search._term,
    queries.Prefix: Search._prefix,
    queries.Phrase: Search._phrase,
    queries.All: Search._all,
    queries.Any: Search._any,
    queries.Best: Search._best,
    queries.Without: Search._without,
    queries.Preferring: Search._preferring,
    queries.Every: Search._every,
    queries.Fitting: Search._fitting,
}


def _seen(field: Field, terms: range, mask: Mask, most: int) -> list[int]:
    """The first so many of the terms that documents in view have."""
    if mask is None:
        return list(terms[:most])
    found: list[int] = []
    for first in range(0, len(terms), most):
        part = terms[first : first + most]
        postings = field.postings(part)
        found += (part.start + np.unique(postings.terms[mask[postings.docs]])).tolist()
        if len(found) >= most:
            break
    return found[:most]


def _where(wanted: Docs, among: Docs) -> tuple[Docs, NDArray[np.bool_]]:
    """For each wanted document its place among others, and whether it is there at all."""
    if not len(among):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    places = np.searchsorted(among, wanted)
    places[places == len(among)] = 0
    return places, among[places] == wanted


def _common(parts: Sequence[Found]) -> Found:
    """Documents in all parts, with the sum of their scores; from the shortest part outwards."""
    shortest, *others = sorted(parts, key=lambda part: len(part.docs))
    docs, scores = shortest
    for part in others:
        places, has = _where(docs, part.docs)
        docs, scores = docs[has], scores[has] + part.scores[places[has]]
    return Found(docs, scores)


def _in_a_row(field: Field, terms: Sequence[bytes]) -> Docs:
    """The documents of a segment where the terms stand one after another."""
    numbers = [field.find(term) for term in terms]
    if min(numbers) < 0:
        return NOTHING.docs
    spots = [field.spots(n).astype(np.int64) - i for i, n in enumerate(numbers)]
    shortest, *others = sorted(spots, key=len)
    for other in others:
        _places, has = _where(shortest, other)
        shortest = shortest[has]
    docs = np.searchsorted(field.firsts, shortest, "right") - 1
    return np.unique(docs)
