"""Answering queries over arrays: which documents fit, and how well."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from forum.search.engine import queries
from forum.search.engine.found import (
    NOTHING,
    SCRATCH,
    Found,
    Scores,
    common,
    in_both,
    preferring,
    scores_of,
    where,
)
from forum.search.engine.segment import Field, Posting
from forum.search.engine.snapshot import Docs, Mask, Snapshot, View, concatenated
from forum.search.engine.stock import Unreadable

MANY = 8
"""From so many terms on, those of a prefix are taken together."""


class Search:
    """Answers queries for one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._size = view.snapshot.size
        self._known: dict[queries.Query, Found] = {}
        self._lists: dict[tuple[str, bytes], list[tuple[int, Mask, Posting]]] = {}

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
        """From the part with the fewest documents on, each other is asked only about those left."""
        if not query.parts:
            return NOTHING
        found: dict[int, Found] = {}
        docs: Docs | None = None
        for number in sorted(range(len(query.parts)), key=lambda n: self._most(query.parts[n])):
            part = query.parts[number]
            found[number] = self.find(part) if docs is None else self._within(part, docs)
            docs = found[number].docs if docs is None else in_both(docs, found[number].docs)
        assert docs is not None
        # Added up as they are asked for: the order above is not the reader's, whose scores it must
        # not touch even in the last digit.
        scores = sum(scores_of(found[number], docs) for number in range(len(query.parts)))
        return Found(docs, np.asarray(scores))

    def _most(self, query: queries.Query) -> int:
        """A bound on how many documents fit, which costs little to have."""
        match query:
            case queries.Term(field, text):
                term = text.encode("utf-8", "replace")
                return sum(
                    len(posting.docs) for _base, _mask, posting in self._postings(field, term)
                )
            case queries.Phrase(field, texts):
                return min((self._most(queries.Term(field, text)) for text in texts), default=0)
            case queries.All(parts):
                return min(map(self._most, parts), default=0)
            case queries.Any(parts) | queries.Best(parts):
                return sum(map(self._most, parts))
            case queries.Preferring(wanted) | queries.Without(wanted):
                return self._most(wanted)
        return self._size

    def _within(self, query: queries.Query, docs: Docs) -> Found:
        """What fits of some documents, with the scores of the whole answer."""
        if query in self._known or not len(docs):
            return self._known.get(query, NOTHING)
        match query:
            case queries.Term(field, text, boost):
                return self._scored(field, text.encode("utf-8", "replace"), boost, docs)
            case queries.Best(parts):
                return self._summed([self._within(part, docs) for part in parts], best=True)
            case queries.Any(parts, least):
                return self._summed([self._within(part, docs) for part in parts], least)
            case queries.Preferring(wanted, liked):
                found = self._within(wanted, docs)
                return preferring(found, self._within(liked, found.docs))
        return self.find(query)

    def _best(self, query: queries.Best) -> Found:
        return self._summed([self.find(part) for part in query.parts], best=True)

    def _without(self, query: queries.Without) -> Found:
        wanted, unwanted = self.find(query.wanted), self.find(query.unwanted)
        _places, has = where(wanted.docs, unwanted.docs)
        return Found(wanted.docs[~has], wanted.scores[~has])

    def _preferring(self, query: queries.Preferring) -> Found:
        wanted = self.find(query.wanted)
        return preferring(wanted, self._within(query.liked, wanted.docs))

    def _phrase(self, query: queries.Phrase) -> Found:
        terms = [text.encode("utf-8", "replace") for text in query.texts]
        if not terms:
            return NOTHING
        rows = [
            _in_a_row(field, terms) + base
            for field, base in zip(self._fields(query.field), self._bases, strict=True)
        ]
        docs = concatenated(rows)
        found = Found(docs, np.zeros(len(docs)))
        for term in terms:
            found = common(found, self._scored(query.field, term, query.boost, found.docs))
        return found

    @property
    def _bases(self) -> list[int]:
        return self._view.snapshot.bases[:-1]

    def _fields(self, name: str) -> list[Field]:
        return [segment.fields[name] for segment in self._view.snapshot.segments]

    def _postings(self, name: str, term: bytes) -> list[tuple[int, Mask, Posting]]:
        """Where in each segment a term is; asked again, the answer is at hand."""
        known = self._lists.get((name, term))
        if known is None:
            known = self._lists[name, term] = [
                (base, mask, field.posting(number))
                for field, base, mask in zip(
                    self._fields(name), self._bases, self._view.masks, strict=True
                )
                if (number := field.find(term)) >= 0
            ]
        return known

    def _scored(self, name: str, term: bytes, boost: float, docs: Docs | None = None) -> Found:
        """The documents that have a term, or those of some; the idf is that of all in any case."""
        if docs is None or not len(docs):
            return self._scored_of(name, term, boost, None)
        with SCRATCH.marked(self._size, docs) as marks:
            return self._scored_of(name, term, boost, marks)

    def _scored_of(self, name: str, term: bytes, boost: float, marks: Mask) -> Found:
        view, formula = self._view, self._view.formula
        parts, frequency, count = [], 0, 0
        for base, mask, posting in self._postings(name, term):
            own, codes = posting.docs, posting.codes
            if mask is not None:
                seen = np.flatnonzero(mask[own])
                own, codes = own[seen], codes[seen]
            frequency += len(posting.docs) if view.stock else len(own)
            if marks is not None:
                chosen = np.flatnonzero(marks[base:][own])
                own, codes = own[chosen], codes[chosen]
            count += len(own)
            parts.append((base, own, formula.table(name, view.mean(name), posting.pairs), codes))
        if not count:
            return NOTHING
        docs = np.empty(count, dtype=np.int64)
        at = 0
        for base, own, _table, _codes in parts:
            np.add(own, base, out=docs[at : at + len(own)], casting="unsafe")
            at += len(own)
        worths = [table[codes] for _base, _own, table, codes in parts]
        return Found(docs, concatenated(worths) * (view.idf(frequency) * boost))

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
            numbers = np.array([places.setdefault(text, len(places)) for text in field.texts(own)])
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
        with SCRATCH.marked(self._size, everywhere) as marks:
            fitting = np.flatnonzero(marks)
        return Found(fitting, sums[fitting])

    def _summed(self, parts: Sequence[Found], least: int = 1, *, best: bool = False) -> Found:
        """Documents in at least so many of the parts, with the sum of their scores or the best."""
        parts = [part for part in parts if len(part.docs)]
        if len(parts) < least or not parts:
            return NOTHING
        if len(parts) == 1:
            return parts[0]
        sums, hits = SCRATCH.of(self._size)
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


def _in_a_row(field: Field, terms: Sequence[bytes]) -> Docs:
    """The documents of a segment where the terms stand one after another."""
    numbers = [field.find(term) for term in terms]
    if min(numbers) < 0:
        return NOTHING.docs
    spots = [field.spots(n).astype(np.int64) - i for i, n in enumerate(numbers)]
    shortest, *others = sorted(spots, key=len)
    for other in others:
        _places, has = where(shortest, other)
        shortest = shortest[has]
    docs = np.searchsorted(field.firsts, shortest, "right") - 1
    return np.unique(docs)
