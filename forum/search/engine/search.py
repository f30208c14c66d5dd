"""Answering queries over arrays: which documents fit, and how well."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engine import queries
from forum.search.engine.found import (
    NOTHING,
    SCRATCH,
    Found,
    Scores,
    in_both,
    kept,
    preferring,
    scores_of,
    where,
)
from forum.search.engine.lists import Lists, Seen, first_seen, numbered, places_among, several_seen
from forum.search.engine.segment import Field
from forum.search.engine.snapshot import Docs, Snapshot, View, concatenated

MANY = 8
"""From so many terms on, those of a prefix are taken together."""


class Search:
    """Answers queries for one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._size = view.snapshot.size
        self._known: dict[queries.Query, Found] = {}
        self._lists = Lists(view)

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

        Numbers in a damaged file lead anywhere: what is raised then is whatever they lead to, and
        `Snapshot.is_as_written` tells it from a fault of the query.
        """
        known = self._known.get(query)
        if known is None:
            known = self._known[query] = ANSWERS[type(query)](self, query)
        return known

    def frequency(self, field: str, text: str) -> int:
        """How many documents have a term: less work than to find and score them."""
        return self._lists.count(field, text.encode("utf-8", "replace"))

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
        fields = self._lists.fields(query.field)
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
            first_seen(f, own, mask, most)
            for f, own, mask in zip(fields, ranges, masks, strict=True)
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
            docs = found[number].docs
        assert docs is not None
        # Added up as they are asked for: the order above is not the reader's, whose scores it must
        # not touch even in the last digit.
        scores = sum(scores_of(found[number], docs) for number in range(len(query.parts)))
        return Found(docs, np.asarray(scores))

    def _most(self, query: queries.Query) -> int:
        """A bound on how many documents fit, which costs little to have."""
        match query:
            case queries.Term(field, text):
                return self._lists.count(field, text.encode("utf-8", "replace"))
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
            return kept(self._known.get(query, NOTHING), docs)
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
        return kept(self.find(query), docs)

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
        lists = [self._lists.of(query.field, term) for term in terms]
        worths = [self._worth(found, query.boost) for found in lists]
        parts = []
        for first in lists[0]:
            row = [seen for found in lists for seen in found if seen.base == first.base]
            docs = _in_a_row(row) if len(row) == len(terms) else NOTHING.docs
            if len(docs):
                row = [seen.at(places_among(seen.docs, docs, self._size)) for seen in row]
                each = [self._scores(seen, worth) for seen, worth in zip(row, worths, strict=True)]
                parts.append((row[0], np.asarray(sum(each))))
        return _joined(parts)

    @property
    def _bases(self) -> list[int]:
        return self._view.snapshot.bases[:-1]

    def _scored(self, name: str, term: bytes, boost: float, docs: Docs | None = None) -> Found:
        """The documents that have a term, or those of some; the idf is that of all in any case."""
        found = self._lists.of(name, term)
        worth = self._worth(found, boost)
        if docs is not None:
            found = self._lists.among(found, docs)
        return _joined([(seen, self._scores(seen, worth)) for seen in found])

    def _worth(self, found: Sequence[Seen], boost: float) -> float:
        """What a term is worth, wherever it is."""
        return self._view.idf(sum([seen.frequency for seen in found])) * boost

    def _scores(self, seen: Seen, worth: float) -> Scores:
        view = self._view
        table = view.formula.table(seen.name, view.mean(seen.name), seen.pairs)
        found: Scores = (table * worth).take(seen.codes)
        return found

    def _at_once(
        self, query: queries.Prefix, fields: Sequence[Field], ranges: Sequence[range]
    ) -> Found:
        """The sum over many terms, without looking at each: they lie side by side."""
        view, formula = self._view, self._view.formula
        parts = [
            several_seen(field, own, mask, stock=view.stock)
            for field, own, mask in zip(fields, ranges, view.masks, strict=True)
        ]
        numbers, different = numbered(fields, ranges)
        frequencies = np.zeros(different, dtype=np.int64)
        for own, part in zip(numbers, parts, strict=True):
            frequencies[own] += part.frequencies
        idf = formula.idf(view.documents, frequencies)
        found = []
        for own, part, base in zip(numbers, parts, self._bases, strict=True):
            table = formula.table(query.field, view.mean(query.field), part.pairs)
            scores = table.take(part.codes) * np.repeat(idf[own], part.counts)
            found.append(Found(part.docs.astype(np.int64) + base, scores * query.boost))
        return SCRATCH.summed(self._size, found)

    def _summed(self, parts: Sequence[Found], least: int = 1, *, best: bool = False) -> Found:
        """Documents in at least so many of the parts, with the sum of their scores or the best."""
        parts = [part for part in parts if len(part.docs)]
        if len(parts) < least or not parts:
            return NOTHING
        if len(parts) == 1:
            return parts[0]
        return SCRATCH.summed(self._size, parts, least, best=best)


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


def _joined(parts: Sequence[tuple[Seen, Scores]]) -> Found:
    """What was found in each segment, as documents of all."""
    count = sum([len(scores) for _seen, scores in parts])
    docs, all_scores, at = np.empty(count, dtype=np.int64), np.empty(count), 0
    for seen, scores in parts:
        end = at + len(scores)
        docs[at:end] = seen.docs
        if seen.base:
            docs[at:end] += seen.base
        all_scores[at:end] = scores
        at = end
    return Found(docs, all_scores)


def _in_a_row(row: Sequence[Seen]) -> Docs:
    """The documents of a segment where the terms stand one after another, hidden ones too."""
    field, spots = row[0].field, [seen.field.spots(seen.number) for seen in row]
    first, *others = sorted(range(len(spots)), key=lambda place: len(spots[place]))
    found = spots[first]
    for place in others:
        found = _followed(found, spots[place], place - first)
    docs: Docs = field.firsts.searchsorted(found, "right") - 1
    is_new = np.ones(len(docs), dtype=bool)
    is_new[1:] = docs[1:] != docs[:-1]
    return docs[is_new]


def _followed(spots: NDArray[Any], others: NDArray[Any], step: int) -> NDArray[Any]:
    """The spots which have one of the others so many places on."""
    by = spots.dtype.type(abs(step))
    found: NDArray[Any]
    if step < 0:  # the type of spots may know nothing below nothing
        found = in_both(spots[spots.searchsorted(by) :] - by, others) + by
    else:
        found = in_both(spots + by, others) - by
    return found
