"""Matching and ranking over a snapshot, seen through the eyes of one reader.

BM25F (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009): term frequencies of title,
tags and body are weighted and normalised by length before one saturation. Every figure in it
(document frequency, number and mean length of documents) is taken over what the reader may see, so
that nothing hidden moves a score, a count or an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from forum.search.analysis import Word
from forum.search.language import Beginning, One, Operand, Row
from forum.search.snapshot import (
    FIELD_LENGTHS,
    NO_COUNTS,
    NO_DOCS,
    NOTHING,
    Bools,
    Floats,
    Ints,
    Postings,
    Snapshot,
)

K1 = 1.8
B = {"title": 0.75, "tags": 0.3, "body": 0.75}
WEIGHT = {"title": 1.5, "tags": 1.5, "body": 1.0}
EXACT_BONUS = 0.1
"""How much more the very form that was typed is worth, as a part of the word's own weight."""
MOST = 0.7
"""The share of words that counts as most."""

Relaxed = Literal["most", "any"] | None


class View:
    """The documents of a snapshot that one reader may see, and their statistics."""

    def __init__(self, snapshot: Snapshot, mask: Bools) -> None:
        self.snapshot, self.mask = snapshot, mask
        self._known: dict[tuple[str, str], Postings] = {}

    @cached_property
    def count(self) -> int:
        """How many documents there are for this reader."""
        return int(self.mask.sum())

    @cached_property
    def means(self) -> Floats:
        """Mean length of each field where it is not empty."""
        lengths = self.snapshot.lengths[self.mask]
        filled = np.maximum((lengths > 0).sum(axis=0), 1)
        means: Floats = np.maximum(lengths.sum(axis=0) / filled, 1.0)
        return means

    def postings(self, field: str, term: str) -> Postings:
        """The visible documents that have a term."""
        key = (field, term)
        if key not in self._known:
            found = self.snapshot.postings(field, term)
            if not len(found.docs):
                return NOTHING
            seen = self.mask[found.docs]
            self._known[key] = Postings(found.docs[seen], found.counts[seen])
            if len(self._known) > 5_000:
                self._known.clear()
                return Postings(found.docs[seen], found.counts[seen])
        return self._known[key]

    def has(self, word: Word) -> bool:
        """Whether any visible document has the word in some form."""
        fields = [("exact", word.surface), *((f, t) for t in word.lemmas[:1] for f in WEIGHT)]
        return any(len(self.postings(field, term).docs) for field, term in fields)

    def idf(self, frequency: int) -> float:
        """How telling a term is that this many visible documents have."""
        return float(np.log1p((self.count - frequency + 0.5) / (frequency + 0.5)))


def weigh(view: View, lemma: str) -> Postings:
    """The documents with a lemma and its BM25F score in each."""
    parts = [(field, view.postings(field, lemma)) for field in WEIGHT]
    parts = [(field, found) for field, found in parts if len(found.docs)]
    if not parts:
        return NOTHING
    docs = np.unique(np.concatenate([found.docs for _field, found in parts]))
    weighted = np.zeros(len(docs))
    for field, found in parts:
        place = FIELD_LENGTHS[field]
        relative = view.snapshot.lengths[found.docs, place] / view.means[place]
        normal = 1 - B[field] + B[field] * relative
        weighted[np.searchsorted(docs, found.docs)] += WEIGHT[field] * found.counts / normal
    return Postings(docs, view.idf(len(docs)) * (K1 + 1) * weighted / (K1 + weighted))


def _flat(view: View, found: Postings) -> Postings:
    """Scores for counts of surface forms, which have no field."""
    counts = found.counts
    return Postings(found.docs, view.idf(len(found.docs)) * (K1 + 1) * counts / (K1 + counts))


def _sum(parts: Sequence[Postings]) -> Postings:
    parts = [part for part in parts if len(part.docs)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    docs = np.unique(np.concatenate([part.docs for part in parts]))
    scores = np.zeros(len(docs))
    for part in parts:
        scores[np.searchsorted(docs, part.docs)] += part.counts
    return Postings(docs, scores)


def _within(found: Postings, docs: Ints) -> Postings:
    """What of `found` lies in `docs` (ascending)."""
    kept = np.isin(found.docs, docs, assume_unique=True)
    return Postings(found.docs[kept], found.counts[kept])


def score(view: View, operand: Operand) -> Postings:
    """The visible documents that fit an operand, with its part of their score."""
    if isinstance(operand, Row):
        return _row(view, operand.lemmas)
    if isinstance(operand, Beginning):
        found = [view.postings("exact", t) for t in view.snapshot.terms("exact", operand.prefix)]
        return _flat(view, _sum(found))
    return _one(view, operand.word)


def _one(view: View, word: Word) -> Postings:
    exact = _flat(view, view.postings("exact", word.surface))
    if not word.lemmas:
        return exact
    whole = weigh(view, word.lemmas[0])
    if len(word.lemmas) > 1:
        whole = _sum([whole, _row(view, word.parts)])
    if not len(whole.docs):
        return exact
    bonus = Postings(exact.docs, exact.counts * EXACT_BONUS)
    return _sum([whole, bonus])


def _row(view: View, lemmas: Sequence[str]) -> Postings:
    """Documents in which these lemmas stand one after another in one field."""
    docs = [_docs_in_a_row(view, field, lemmas) for field in WEIGHT]
    found = np.unique(np.concatenate(docs))
    if not len(found):
        return NOTHING
    return _sum([_within(weigh(view, lemma), found) for lemma in dict.fromkeys(lemmas)])


def _docs_in_a_row(view: View, field: str, lemmas: Sequence[str]) -> Ints:
    lists = [view.postings(field, lemma).docs for lemma in lemmas]
    docs: Ints = min(lists, key=len, default=NO_DOCS)
    for one in lists:
        docs = docs[np.isin(docs, one, assume_unique=True)]
    if not len(docs):
        return NO_DOCS
    places = {t: view.snapshot.positions(field, t, docs) for t in dict.fromkeys(lemmas)}
    fits = [
        bool(set.intersection(*({p - i for p in places[t][doc]} for i, t in enumerate(lemmas))))
        for doc in docs.tolist()
    ]
    kept: Ints = docs[np.array(fits, dtype=bool)]
    return kept


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents found, ascending, with their scores, and how far the words were relaxed."""

    docs: Ints
    scores: Floats
    relaxed: Relaxed = None


NONE = Matches(NO_DOCS, NO_COUNTS)


def match(view: View, groups: Sequence[Sequence[Operand]], without: Sequence[Operand]) -> Matches:
    """All words; if no document has them all, most; if none has most, any."""
    hits, scores = _tally(view, groups)
    for operand in without:
        hits[score(view, operand).docs] = 0
    total = len(groups)
    for relaxed, needed in _levels(total):
        docs = np.flatnonzero(hits >= needed)
        if len(docs):
            return Matches(docs, scores[docs], relaxed)
    return NONE


def _levels(total: int) -> list[tuple[Relaxed, int]]:
    levels: list[tuple[Relaxed, int]] = [(None, total)]
    most = min(total - 1, -int(-total * MOST // 1))
    if most > 1:
        levels.append(("most", most))
    if total > 1:
        levels.append(("any", 1))
    return levels


def match_any(view: View, groups: Sequence[Sequence[Operand]]) -> Matches:
    """Every document with any of the words."""
    hits, scores = _tally(view, groups)
    docs = np.flatnonzero(hits)
    return Matches(docs, scores[docs], "any")


def with_at_least(view: View, found: Matches, words: Sequence[Word]) -> Matches:
    """Those of the documents that share enough of the words to be about the same: a third."""
    hits, _scores = _tally(view, [[One(word)] for word in words])
    kept = hits[found.docs] >= max(min(2, len(words)), len(words) // 3)
    return Matches(found.docs[kept], found.scores[kept], found.relaxed)


def titled(view: View, word: Word, *, unfinished: bool) -> Ints:
    """Documents whose title has a word in some form, or one that begins like it."""
    snapshot = view.snapshot
    forms = snapshot.terms("name", word.surface) if unfinished else [word.surface]
    lists = [view.postings("name", form).docs for form in forms]
    lists += [view.postings("title", lemma).docs for lemma in word.lemmas[:1]]
    docs: Ints = np.unique(np.concatenate([NO_DOCS, *lists]))
    return docs


def _tally(view: View, groups: Sequence[Sequence[Operand]]) -> tuple[Ints, Floats]:
    """For each document how many groups it fits, and its score."""
    hits = np.zeros(view.snapshot.size, dtype=np.int64)
    scores = np.zeros(view.snapshot.size)
    for group in groups:
        found = _sum([score(view, operand) for operand in group])
        hits[found.docs] += 1
        scores[found.docs] += found.counts
    return hits, scores


def everything(view: View) -> Matches:
    """All that is visible, without a preference."""
    docs = np.flatnonzero(view.mask)
    return Matches(docs, np.zeros(len(docs)))


def best(view: View, found: Matches, count: int) -> Ints:
    """The places in `found` of its best documents; equals newest first, then by kind and id."""
    places = np.arange(len(found.docs))
    if count < len(places):
        edge = np.partition(found.scores, -count)[-count]
        places = np.flatnonzero(found.scores >= edge)
    docs, snapshot = found.docs[places], view.snapshot
    keys = (-snapshot.row_id[docs], snapshot.kind[docs], -snapshot.at[docs], -found.scores[places])
    order: Ints = places[np.lexsort(keys)][:count]
    return order
