"""Matching and ranking for one reader.

BM25F (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009) with one B: a word of a
title or tag counts as three of the body, in its frequency and in the length of the document. A word
that the query repeats counts as often. Every figure in it (document frequency, number and mean
length of documents) is taken over what the reader may see, so that nothing hidden moves a score, a
count or an order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forum.search.analysis import Word
from forum.search.engine import queries
from forum.search.engine.queries import Phrase, Prefix, Query, Term
from forum.search.engine.scoring import BM25, Counts
from forum.search.engine.search import NOTHING, Search
from forum.search.engine.snapshot import Docs, Snapshot, places_of_best
from forum.search.language import Beginning, One, Operand, Row

EXACT_BONUS = 0.12
"""How much more the very form that was typed is worth, as a part of the word's own weight."""
MOST = 0.7
"""The share of words that counts as most."""

Scores = NDArray[np.float64]
Relaxed = Literal["most", "any"] | None
Groups = Sequence[Sequence[Operand]]


class Formula(BM25):
    """BM25 with a measure of telling words that never falls below nothing.

    ln(1 + (N - n + 0.5) / (n + 0.5)), as Lucene has it. For a word in half of the documents
    Whoosh's own still gives half of what it gives for one in a tenth, which drowns long questions.
    """

    def idf(self, documents: int, frequencies: Counts) -> Scores:
        """How telling terms are that so many of all documents have."""
        found: Scores = np.log1p((documents - frequencies + 0.5) / (frequencies + 0.5))
        return found


FORMULA = Formula(b=0.75, k1=2.2, fields={"exact": 0.0, "name": 0.0})


def query_of(operand: Operand, times: float = 1.0) -> Query:
    """What an operand asks of the index."""
    if isinstance(operand, Row):
        return Phrase("text", operand.lemmas, times)
    if isinstance(operand, Beginning):
        return Prefix("exact", operand.prefix, times)
    return _one(operand.word, times)


def _one(word: Word, times: float) -> Query:
    if not word.lemmas:
        return Term("exact", word.surface, times)
    forms: Query = Term("text", word.lemmas[0], times)
    if len(word.lemmas) > 1:
        forms = queries.Any((forms, _in_a_row(word.parts, times)))
    return queries.Preferring(forms, Term("exact", word.surface, times * EXACT_BONUS))


def _in_a_row(parts: tuple[str, ...], times: float) -> Query:
    return Phrase("text", parts, times) if len(parts) > 1 else Term("text", parts[0], times)


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents found, ascending, with their scores, and how far the words were relaxed."""

    docs: Docs
    scores: Scores
    relaxed: Relaxed = None

    def where(self, fits: NDArray[np.bool_]) -> Matches:
        """Those of the documents."""
        return Matches(self.docs[fits], self.scores[fits], self.relaxed)


NONE = Matches(*NOTHING)


def _parts(groups: Groups) -> tuple[Query, ...]:
    """A query for each different group; one asked for twice counts twice."""
    times = Counter(tuple(group) for group in groups)
    return tuple(_either([query_of(o, count) for o in group]) for group, count in times.items())


def _either(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else queries.Any(tuple(parts))


def match(search: Search, groups: Groups, without: Sequence[Operand]) -> Matches:
    """All words; if no document has them all, most; if none has most, any."""
    parts = _parts(groups)
    unwanted = queries.Any(tuple(query_of(operand) for operand in without))
    for relaxed, needed in _levels(len(parts)):
        asked = queries.Any(parts, needed) if needed < len(parts) else queries.All(parts)
        found = search.find(queries.Without(asked, unwanted))
        if len(found.docs):
            return Matches(*found, relaxed)
    return NONE


def _levels(total: int) -> list[tuple[Relaxed, int]]:
    levels: list[tuple[Relaxed, int]] = [(None, total)]
    most = min(total - 1, -int(-total * MOST // 1))
    if most > 1:
        levels.append(("most", most))
    if total > 1:
        levels.append(("any", 1))
    return levels


def match_any(search: Search, groups: Groups) -> Matches:
    """Every document with any of the words."""
    return Matches(*search.find(queries.Any(_parts(groups))), "any")


def with_at_least(search: Search, found: Matches, words: Sequence[Word]) -> Matches:
    """Those of the documents that share enough of the words to be about the same: a third."""
    least = max(min(2, len(words)), len(words) // 3)
    enough = search.find(queries.Any(_parts([[One(word)] for word in words]), least))
    return found.where(np.isin(found.docs, enough.docs, assume_unique=True))


def has(search: Search, word: Word) -> bool:
    """Whether any document has the word in some form."""
    forms: list[Query] = [Term("exact", word.surface)]
    forms += [Term("text", lemma) for lemma in word.lemmas[:1]]
    return any(len(search.find(form).docs) for form in forms)


def titled(search: Search, word: Word, *, unfinished: bool) -> Docs:
    """Documents whose title has a word in some form, or one that begins like it."""
    written: Query = Term("name", word.surface)
    if unfinished:
        written = Prefix("name", word.surface)
    forms = [Term("title", lemma) for lemma in word.lemmas[:1]]
    return search.find(queries.Any((written, *forms))).docs


def everything(search: Search) -> Matches:
    """All that is visible, without a preference."""
    return Matches(*search.find(queries.Every(0.0)))


def best(snapshot: Snapshot, found: Matches, count: int) -> Docs:
    """The places in `found` of its best documents; equals newest first, then by kind and id."""
    places = places_of_best(found.scores, count)
    docs = found.docs[places]
    columns = (snapshot.column(name)[docs].astype(np.int64) for name in ("id", "kind", "at"))
    row_id, kind, at = columns
    order: Docs = places[np.lexsort((-row_id, kind, -at, -found.scores[places]))][:count]
    return order
