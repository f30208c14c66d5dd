"""Matching and ranking for one reader.

BM25F (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009) with one B: a word of a
title or tag counts as three of the body, in its frequency and in the length of the document. A word
that the query repeats counts as often. Every figure in it (document frequency, number and mean
length of documents) is taken over what the reader may see, so that nothing hidden moves a score, a
count or an order. What is not a matter of words, `priors` tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forum.search import priors
from forum.search.analysis import Word
from forum.search.engine import queries
from forum.search.engine.found import NOTHING
from forum.search.engine.queries import Phrase, Prefix, Query, Term
from forum.search.engine.scoring import BM25, Counts
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Docs, Snapshot, places_of_best
from forum.search.glossary.meant import Meant
from forum.search.language import Beginning, One, Operand, Row

EXACT_BONUS = 0.12
"""How much more the very form that was typed is worth, as a part of the word's own weight."""
COMPOUND = 0.55
"""What a compound counts for whole, and again by its parts: it still is about one word."""
MOST = 0.7
"""The share of words that counts as most."""
ENOUGH = 20
"""Documents with all words that make a page, so that nothing with fewer words is needed."""
ENOUGH_MOST = 100
"""The same of documents with most words."""
MOST_READINGS = 32
"""Ways to read a phrase of ambiguous words that are looked for, the likeliest first."""

Scores = NDArray[np.float64]
Bools = NDArray[np.bool_]
Relaxed = Literal["most", "any"] | None
Groups = Sequence[Sequence[Operand | Meant]]


class Formula(BM25):
    """BM25 with a measure of telling words that never falls below nothing.

    ln(1 + (N - n + 0.5) / (n + 0.5)), as Lucene has it. For a word in half of the documents
    Whoosh's own still gives half of what it gives for one in a tenth, which drowns long questions.
    """

    def idf(self, documents: int, frequencies: Counts | int) -> Scores:
        """How telling terms are that so many of all documents have."""
        found: Scores = np.log1p((documents - frequencies + 0.5) / (frequencies + 0.5))
        return found


FORMULA = Formula(b=0.75, k1=2.2, fields={"exact": 0.0, "name": 0.0})


def query_of(operand: Operand | Meant, times: float = 1.0) -> Query:
    """What an operand asks of the index."""
    if isinstance(operand, Meant):
        return _or_better(query_of(operand.typed, times), operand, times)
    if isinstance(operand, Row):
        return _in_a_row(operand.row, times)
    if isinstance(operand, Beginning):
        return Prefix("exact", operand.prefix, times)
    return _one(operand.word, times)


def query_of_all(operands: Sequence[Operand]) -> Query:
    """What asks for all of some operands."""
    return queries.All(tuple(map(query_of, operands)))


def _or_better(typed: Query, meant: Meant, times: float) -> Query:
    others = (query_of(other.operand, times * other.weight) for other in meant.others)
    return queries.Best((typed, *others))


def _one(word: Word, times: float) -> Query:
    if not word.lemmas:
        return Term("exact", word.surface, times)
    written = Term("exact", word.surface, times * EXACT_BONUS)
    return queries.Preferring(_any_form(word, times), written)


def _any_form(word: Word, times: float) -> Query:
    if not word.forms.parts:
        return _one_of("text", word.lemmas, times)
    worth = times * COMPOUND
    whole = _one_of("text", word.lemmas, worth)
    return queries.Any((whole, _in_a_row(word.forms.parts, worth)))


def titled_query(operand: Operand) -> Query:
    """What asks for an operand in the title; its score is that of the words anywhere."""
    if isinstance(operand, Beginning):
        return Prefix("name", operand.prefix)
    words = operand.words if isinstance(operand, Row) else (operand.word,)
    in_title = [
        _one_of("title", word.lemmas, 0.0) if word.lemmas else Term("name", word.surface, 0.0)
        for word in words
    ]
    return queries.All((query_of(operand), *in_title))


def _one_of(field: str, lemmas: Sequence[str], times: float) -> Query:
    return _best([Term(field, lemma, times) for lemma in lemmas])


def _in_a_row(places: Sequence[Sequence[str]], times: float) -> Query:
    """Lemmas in a row, whichever of its likely ones each word is of."""
    if len(places) == 1:
        return _one_of("text", places[0], times)
    rows = islice(product(*places), MOST_READINGS)
    return _best([Phrase("text", row, times) for row in rows])


def _best(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else queries.Best(tuple(parts))


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents found, ascending, with their scores, and how far the words were relaxed.

    `whole`, where they were: whether each document has all the words. `asked`: what the index was.
    """

    docs: Docs
    scores: Scores
    relaxed: Relaxed = None
    whole: Bools | None = None
    asked: Query | None = None

    @property
    def with_all(self) -> int:
        """How many of the documents have all the words."""
        return len(self.docs) if self.whole is None else int(self.whole.sum())

    def where(self, fits: Bools) -> Matches:
        """Those of the documents."""
        places = np.flatnonzero(fits)  # three times as fast as to choose by truth values
        whole = self.whole[places] if self.whole is not None else None
        return replace(
            self, docs=self.docs.take(places), scores=self.scores.take(places), whole=whole
        )


NONE = Matches(*NOTHING)


def _parts(groups: Groups) -> tuple[Query, ...]:
    """A query for each different group; one asked for twice counts twice."""
    times = Counter(tuple(group) for group in groups)
    return tuple(_either([query_of(o, count) for o in group]) for group, count in times.items())


def _either(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else queries.Any(tuple(parts))


@dataclass(frozen=True, slots=True)
class Beside:
    """What every document has to fit, or must not, whatever is relaxed."""

    wanted: Sequence[Query] = ()
    unwanted: Sequence[Query] = ()


NOTHING_BESIDE = Beside()


def less(operands: Sequence[Operand]) -> Beside:
    """Words that no document may have."""
    return Beside((), tuple(map(query_of, operands)))


def _all_count(found: Matches) -> Matches:
    return found


def match(
    search: Search,
    groups: Groups,
    beside: Beside = NOTHING_BESIDE,
    narrowed: Callable[[Matches], Matches] = _all_count,
) -> Matches:
    """All words; if too few documents have them all, most; if too few have most, any.

    What is wanted or unwanted `beside` the words stays so. `narrowed` says which of the documents
    count. Those with all the words stay the first, however few. Words in a row stay in a row unless
    nothing at all has them so.
    """
    found = _matched(search, groups, beside, narrowed)
    if len(found.docs) or not any(isinstance(o, Row) for group in groups for o in group):
        return found
    return replace(_matched(search, _loosened(groups), beside, narrowed), relaxed="any")


def _loosened(groups: Groups) -> list[list[Operand | Meant]]:
    """The groups with words instead of rows."""
    found: list[list[Operand | Meant]] = []
    for group in groups:
        words = [word for operand in group for word in _words(operand)]
        found += [[word] for word in words] if len(group) == 1 else [words]
    return found


def _words(operand: Operand | Meant) -> list[Operand | Meant]:
    return [One(word) for word in operand.words] if isinstance(operand, Row) else [operand]


def having_all(search: Search, groups: Groups, beside: Beside = NOTHING_BESIDE) -> Matches:
    """Documents with all the words."""
    strict, loose = _strict_and_loose(groups)
    asked = queries.All((*beside.wanted, *strict, *loose))
    less = queries.Without(asked, queries.Any(tuple(beside.unwanted)))
    return Matches(*search.find(less), asked=less)


def _matched(
    search: Search,
    groups: Groups,
    beside: Beside,
    narrowed: Callable[[Matches], Matches],
) -> Matches:
    strict, loose = _strict_and_loose(groups)
    strict = (*beside.wanted, *strict)
    unwanted = queries.Any(tuple(beside.unwanted))

    def found(asked: Query, relaxed: Relaxed) -> Matches:
        less = queries.Without(asked, unwanted)
        return Matches(*search.find(less), relaxed, asked=less)

    whole = having_all(search, groups, beside)
    if not loose or len(loose) + len(strict) < 2 or len(narrowed(whole).docs) >= ENOUGH:
        return whole
    most = whole
    if (needed := min(len(loose) - 1, ceil(len(loose) * MOST))) > 1:
        most = found(queries.All((*strict, queries.Any(loose, needed))), "most")
        if len(narrowed(most).docs) >= ENOUGH_MOST:
            return _before(whole, most)
    some = found(_any(strict, loose), "any")
    return _before(whole, replace(some, relaxed=_widest(whole, most, some)))


def _widest(*levels: Matches) -> Relaxed:
    """How far the words had to be relaxed for as many documents as the last level has."""
    return next(level.relaxed for level in levels if len(level.docs) == len(levels[-1].docs))


def _strict_and_loose(groups: Groups) -> tuple[tuple[Query, ...], tuple[Query, ...]]:
    """What every document has to have, and what may be relaxed."""
    strict = [group for group in groups if all(isinstance(operand, Row) for operand in group)]
    return _parts(strict), _parts([group for group in groups if group not in strict])


def _any(strict: tuple[Query, ...], loose: tuple[Query, ...]) -> Query:
    either = queries.Any(loose)
    return queries.Preferring(queries.All(strict), either) if strict else either


def _before(whole: Matches, wider: Matches) -> Matches:
    """The wider results, with those that have all words above the others."""
    if wider.relaxed is None:
        return whole
    has_all = np.isin(wider.docs, whole.docs, assume_unique=True)
    others = wider.scores[~has_all]
    highest = (1 + priors.MOST) * others.max(initial=0.0)
    raised = wider.scores + has_all * highest
    return replace(wider, scores=raised, whole=has_all)


def match_any(search: Search, groups: Groups) -> Matches:
    """Every document with any of the words."""
    return Matches(*search.find(queries.Any(_parts(groups))), "any")


def match_alike(search: Search, words: Sequence[tuple[One | Meant, float]], least: int) -> Matches:
    """Every document with at least so many of the words in any form, each worth so many times."""
    parts = tuple(_alike(word, times) for word, times in words)
    return Matches(*search.find(queries.Any(parts, least)))


def _alike(wanted: One | Meant, times: float) -> Query:
    if isinstance(wanted, Meant):
        return _or_better(_any_form(wanted.typed.word, times), wanted, times)
    return _any_form(wanted.word, times)


def has(search: Search, word: Word) -> bool:
    """Whether any document has the word in some form."""
    forms: list[Query] = [Term("exact", word.surface)]
    forms += [Term("text", lemma) for lemma in word.lemmas]
    return any(len(search.find(form).docs) for form in forms)


def titled(search: Search, word: Word, *, unfinished: bool) -> Docs:
    """Documents whose title has a word in some form, or one that begins like it."""
    written: Query = Term("name", word.surface)
    if unfinished:
        written = Prefix("name", word.surface)
    forms = [Term("title", lemma) for lemma in word.lemmas]
    return search.find(queries.Any((written, *forms))).docs


def everything(search: Search, unwanted: Sequence[Query] = ()) -> Matches:
    """All that is visible, less what is unwanted, without a preference."""
    every = queries.Every(0.0)
    return Matches(*search.find(queries.Without(every, queries.Any(tuple(unwanted)))))


def ranked(snapshot: Snapshot, found: Matches, count: int) -> Matches:
    """What may be among the best documents, with the priors in their scores.

    No prior takes more than its share, so what is too far below the best in words is not asked.
    """
    if count < len(found.docs):
        edge = found.scores[places_of_best(found.scores, count)].min()
        found = found.where(found.scores * (1 + priors.MOST) >= edge)
    return replace(found, scores=found.scores * priors.together(snapshot, found.docs))


def best(snapshot: Snapshot, found: Matches, count: int) -> Docs:
    """The places in `found` of its best documents; equals newest first, then by kind and id."""
    places = places_of_best(found.scores, count)
    docs = found.docs[places]
    columns = (snapshot.column(name)[docs].astype(np.int64) for name in ("id", "kind", "at"))
    row_id, kind, at = columns
    order: Docs = places[np.lexsort((-row_id, kind, -at, -found.scores[places]))][:count]
    return order
