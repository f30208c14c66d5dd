"""One function per question: a page of results, suggestions while typing.

Everything a result says (total, facets, order, suggestion) is computed over what its reader sees.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import structlog

from forum.accounts.models import Person
from forum.core.i18n import _
from forum.core.paging import decode_cursor, encode_cursor
from forum.core.textcheck import clean_line
from forum.search import hits, language, ranking, spelling
from forum.search.analysis import Word, words_of
from forum.search.documents import KINDS
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Snapshot
from forum.search.engine.stock import Unreadable
from forum.search.facets import Facet, Filters, facets_of, narrowed
from forum.search.glossary.known import NOTHING, glossary
from forum.search.glossary.meant import Widened, widen
from forum.search.hits import Cards, Found
from forum.search.language import Query
from forum.search.open_index import open_index
from forum.search.ranking import Matches
from forum.search.snippets import Wanted, marked, snippet
from forum.search.visibility import docid, ref_of, search_for
from forum.search.why import Part, lemmas_in, parts_of

SUGGESTED = 8
SUGGESTED_KINDS = ("department", "person", "standard", "idea", "service")
DEEPEST = 10_000
"""Results one can page to; nobody reads further, and a cursor is not a promise."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the thing, its score, and HTML of its title and best passage."""

    found: Found
    score: float
    title: str
    snippet: str
    why: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Results:
    """A page of results."""

    query: str
    total: int = 0
    took_ms: float = 0.0
    suggestion: str | None = None
    relaxed: ranking.Relaxed = None
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    next: str | None = None
    rebuilding: bool = False
    also: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, understood."""

    query: Query
    filters: Filters
    cards: Cards
    limit: int
    cursor: str | None
    exact: bool = False
    why: bool = False


def search(
    reader: Person,
    text: str,
    filters: Filters,
    cards: Cards,
    *,
    limit: int,
    cursor: str | None = None,
    exact: bool = False,
    why: bool = False,
) -> Results:
    """A page of results. One query for each kind on it, none for departments.

    `exact` leaves the company's glossary out; with `why` each hit knows the parts of its score.
    """
    began = time.perf_counter()
    query = language.parse(text)
    results = Results(query.text)
    kinds = filters.with_kinds(query.kinds)
    _ask(reader, Wish(query, kinds, cards, limit, cursor, exact, why), results)
    if query.cut:
        results.notices.append(_("Only the first words of this long query were looked for."))
    results.took_ms = round(1000 * (time.perf_counter() - began), 2)
    return results


def _ask(reader: Person, wish: Wish, results: Results) -> None:
    snapshot = open_index().snapshot()
    if snapshot is None:
        results.rebuilding = True
        return
    try:
        search = search_for(reader, snapshot)
        _fill(reader, search, wish, _matches(search, wish), results)
    except Unreadable as damage:
        log.warning("search.index.damaged", error=str(damage))
        open_index().distrust(snapshot)
        results.rebuilding = True


def _matches(search: Search, wish: Wish) -> Matches:
    groups = _meaning(search, wish).groups
    if groups:
        return ranking.match(search, groups, wish.query.without)
    return ranking.everything(search) if wish.filters.kind else ranking.NONE


def _meaning(search: Search, wish: Wish) -> Widened:
    """What the words of a query mean: themselves and, by the glossary, others."""
    known = NOTHING if wish.exact else glossary()
    return widen(search, language.without_stop_words(wish.query), known)


def _fill(reader: Person, search: Search, wish: Wish, found: Matches, results: Results) -> None:
    while True:
        kept = narrowed(search.snapshot, found, wish.filters)
        page, results.next = _page(search.snapshot, kept, wish.limit, wish.cursor)
        refs = [ref_of(search.snapshot, doc) for doc in kept.docs[page]]
        loaded = hits.load(reader, refs, wish.cards)
        if len(loaded) == len(refs):
            break
        # The index lags behind the database by a moment: what is gone there is not counted here.
        gone = [doc for doc, ref in zip(kept.docs[page], refs, strict=True) if ref not in loaded]
        found = _less(found, gone)
    results.total, results.relaxed = len(kept.docs), kept.relaxed if len(kept.docs) else None
    seen = hits.seen_cards(reader, wish.cards)
    results.facets = facets_of(search.snapshot, found, wish.filters, seen)
    meaning = _meaning(search, wish)
    results.also = [side.text for side in meaning.sides]
    wanted = Wanted([*wish.query.operands, *meaning.others])
    results.hits = [
        shown(loaded[ref], kept.scores[place], wanted)
        for place, ref in zip(page, refs, strict=True)
    ]
    if wish.why:
        others = lemmas_in(meaning.others) - lemmas_in(wish.query.operands)
        _explain(search, kept, page, others, results)
    if wish.query.groups and (not results.total or results.relaxed):
        results.suggestion = spelling.suggest(search, wish.query.text)


def _explain(
    search: Search, found: Matches, page: Any, others: frozenset[str], results: Results
) -> None:
    """Give the shown hits the parts of their scores."""
    if found.asked is None:
        return
    for hit, at in zip(results.hits, page, strict=True):
        doc, score = int(found.docs[at]), float(found.scores[at])
        hit.why.extend(parts_of(search, found.asked, doc, score, others))


def shown(found: Found, score: float, wanted: Wanted) -> Hit:
    """A thing with its words marked."""
    title, passage = marked(found.title, wanted), snippet(found.text, wanted)
    return Hit(found, round(float(score), 4), title, passage)


def _less(found: Matches, stale: Sequence[int]) -> Matches:
    return found.where(~np.isin(found.docs, stale))


def _page(
    snapshot: Snapshot, found: Matches, limit: int, cursor: str | None
) -> tuple[Any, str | None]:
    """Places of this page's documents, and the cursor of the next one.

    A cursor knows the last document; where that has gone, its old place.
    """
    after = decode_cursor(cursor, (int, str))
    start = min(max(after[0], 0), DEEPEST) if after else 0
    order = ranking.best(snapshot, found, start + limit + 1 + (limit if after else 0))
    if after:
        names = [docid(snapshot, doc) for doc in found.docs[order]]
        start = names.index(after[1]) + 1 if after[1] in names else start
    page = order[start : start + limit]
    if start + limit >= min(len(order), DEEPEST) or not len(page):
        return page, None
    last = docid(snapshot, found.docs[page[-1]])
    return page, encode_cursor((start + limit, last))


def suggest(reader: Person, text: str) -> list[Found]:
    """Titles, numbers, people and departments that begin so; the shortest first."""
    snapshot = open_index().snapshot()
    words = list(words_of(clean_line(text)))[:8]
    if snapshot is None or not words:
        return []
    try:
        search = search_for(reader, snapshot)
        found = _beginning(search, words)
        kept = narrowed(snapshot, found, Filters(kind=SUGGESTED_KINDS))
        order = ranking.best(snapshot, kept, SUGGESTED)
    except Unreadable:
        open_index().distrust(snapshot)
        return []
    refs = [ref_of(snapshot, doc) for doc in kept.docs[order]]
    loaded = hits.load(reader, refs, hits.all_cards())
    return [loaded[ref] for ref in refs if ref in loaded]


def _beginning(search: Search, words: Sequence[Word]) -> Matches:
    """Documents whose title has all the words, the last one perhaps unfinished."""
    docs = ranking.everything(search).docs
    for number, word in enumerate(words):
        fitting = ranking.titled(search, word, unfinished=number == len(words) - 1)
        docs = docs[np.isin(docs, fitting, assume_unique=True)]
    kinds = search.snapshot.column("kind")[docs]
    first = np.array([SUGGESTED_KINDS.index(k) if k in SUGGESTED_KINDS else 9 for k in KINDS])
    return Matches(docs, 1 / (1 + search.snapshot.lengths("name")[docs] + first[kinds] / 10))
