"""Why a hit is where it is: the parts of its score, taken from the same answers that gave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from forum.core.i18n import lazy
from forum.search.analysis import Word
from forum.search.engine import queries
from forum.search.engine.lengths import LENGTHS
from forum.search.engine.queries import Query
from forum.search.engine.search import Search
from forum.search.language import Beginning, One, Operand

FORM, TYPED, OTHER, BEGINS, REST = "form", "typed", "other", "begins", "rest"
ROLES = {
    FORM: lazy("in any form"),
    TYPED: lazy("as it was typed"),
    OTHER: lazy("another word for it"),
    BEGINS: lazy("begins so"),
    REST: lazy("what is not about words"),
}
NOTABLE = 1e-6
"""Less of a score than this is the rounding of sums."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score: of which word and how it counts; for single words the figures behind it.

    `weight` is how often the word is there, `in_title` of these times in the title, each of which
    counts as three; `length` that of the document, counted the same way.
    """

    word: str
    role: str
    score: float
    idf: float = 0.0
    weight: float = 0.0
    in_title: int = 0
    length: int = 0

    @property
    def role_name(self) -> object:
        """How the word counts, in words."""
        return ROLES[self.role]


def lemmas_in(operands: Iterable[Operand]) -> frozenset[str]:
    """What the words of operands are found by."""
    words: list[Word] = []
    for operand in operands:
        if not isinstance(operand, Beginning):
            words += (operand.word,) if isinstance(operand, One) else operand.words
    return frozenset(lemma for word in words for lemma in word.lemmas)


def parts_of(search: Search, asked: Query, doc: int, score: float, others: Set[str]) -> list[Part]:
    """The parts of a document's score, which add up to it; `others` are words of the glossary."""
    parts = list(_parts(search, asked, doc, others))
    rest = score - sum(part.score for part in parts)
    if abs(rest) > NOTABLE * max(abs(score), 1.0):
        parts.append(Part("", REST, rest))
    return parts


Parts = Iterator[Part]


def _parts(search: Search, asked: Query, doc: int, others: Set[str]) -> Parts:
    if _score(search, asked, doc) is not None and type(asked) in _EXPLAINED:
        yield from _EXPLAINED[type(asked)](search, asked, doc, others)


def _score(search: Search, asked: Query, doc: int) -> float | None:
    """What a document has of a query's score; None if it does not fit."""
    docs, scores = search.find(asked)
    at = int(np.searchsorted(docs, doc))
    return float(scores[at]) if at < len(docs) and docs[at] == doc else None


def _each(search: Search, asked: Any, doc: int, others: Set[str]) -> Parts:
    for part in asked.parts:
        yield from _parts(search, part, doc, others)


def _best(search: Search, asked: queries.Best, doc: int, others: Set[str]) -> Parts:
    best = max(asked.parts, key=lambda part: _score(search, part, doc) or 0.0)
    yield from _parts(search, best, doc, others)


def _wanted(search: Search, asked: queries.Without, doc: int, others: Set[str]) -> Parts:
    yield from _parts(search, asked.wanted, doc, others)


def _preferred(search: Search, asked: queries.Preferring, doc: int, others: Set[str]) -> Parts:
    yield from _parts(search, asked.wanted, doc, others)
    yield from _parts(search, asked.liked, doc, others)


def _row(search: Search, asked: queries.Phrase, doc: int, others: Set[str]) -> Parts:
    for text in asked.texts:
        yield from _term(search, queries.Term(asked.field, text, asked.boost), doc, others)


def _beginning(search: Search, asked: queries.Prefix, doc: int, _others: Set[str]) -> Parts:
    yield Part(f"{asked.text}*", BEGINS, _score(search, asked, doc) or 0.0)


def _term(search: Search, asked: queries.Term, doc: int, others: Set[str]) -> Parts:
    idf = search.view.idf(search.frequency(asked.field, asked.text))
    weight, length = _counted(search, asked.field, asked.text, doc)
    in_title = _counted(search, "title", asked.text, doc)[0] if asked.field == "text" else 0
    score = _score(search, asked, doc) or 0.0
    role = OTHER if asked.text in others else FORM if asked.field == "text" else TYPED
    yield Part(asked.text, role, score, idf, weight, int(in_title), length)


def _counted(search: Search, name: str, text: str, doc: int) -> tuple[float, int]:
    """How often a field of a document has a term, as it is weighed, and the field's length."""
    snapshot = search.snapshot
    number = int(np.searchsorted(snapshot.bases, doc, "right")) - 1
    field = snapshot.segments[number].fields[name]
    term = field.find(text.encode("utf-8", "replace"))
    if term < 0:
        return 0.0, 0
    posting, own = field.posting(term), doc - snapshot.bases[number]
    at = int(np.searchsorted(posting.docs, own))
    if at == len(posting.docs) or posting.docs[at] != own:
        return 0.0, 0
    code = posting.codes[at]
    return float(posting.pairs.weights[code]), int(LENGTHS[posting.pairs.sizes[code]])


_EXPLAINED: dict[type, Callable[[Search, Any, int, Set[str]], Parts]] = {
    queries.Term: _term,
    queries.Prefix: _beginning,
    queries.Phrase: _row,
    queries.All: _each,
    queries.Any: _each,
    queries.Best: _best,
    queries.Without: _wanted,
    queries.Preferring: _preferred,
}
