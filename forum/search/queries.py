"""One function per question: a page of results, similar things, suggestions while typing.

Everything a result says (total, facets, order, suggestion) is computed over what its reader sees.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import structlog

from forum.accounts.models import Person
from forum.core.i18n import _
from forum.core.paging import decode_cursor, encode_cursor
from forum.core.textcheck import clean_line
from forum.search import hits, language, ranking, spelling
from forum.search.analysis import Word, words_of
from forum.search.documents import KINDS
from forum.search.engine.queries import Term
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Docs, Snapshot
from forum.search.engine.stock import Unreadable
from forum.search.facets import Facet, Filters, facets_of, narrowed
from forum.search.filters.conditions import MEASURES, of_kinds
from forum.search.filters.readers import Asking
from forum.search.filters.understood import Condition, Understood, understand
from forum.search.hits import Cards, Found
from forum.search.language import One, Query
from forum.search.open_index import open_index
from forum.search.ranking import Matches
from forum.search.snippets import Wanted, snippet
from forum.search.visibility import docid, ref_of, search_for

SIMILAR = 5
SIMILAR_TERMS = 12
SIMILAR_KINDS = ("idea", "standard")
SUGGESTED = 8
SUGGESTED_KINDS = ("department", "person", "standard", "idea", "service")
DEEPEST = 10_000
"""Results one can page to; nobody reads further, and a cursor is not a promise."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the thing, its score, and HTML of its best passage."""

    found: Found
    score: float
    snippet: str


@dataclass(slots=True)
class Results:
    """A page of results."""

    query: str
    total: int = 0
    took_ms: float = 0.0
    suggestion: str | None = None
    relaxed: ranking.Relaxed = None
    whole: int = 0
    """How many of the results have all the words."""
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    next: str | None = None
    rebuilding: bool = False
    notices: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, understood."""

    query: Query
    filters: Filters
    cards: Cards
    limit: int
    cursor: str | None


def search(
    reader: Person,
    text: str,
    filters: Filters,
    cards: Cards,
    *,
    limit: int,
    cursor: str | None = None,
) -> Results:
    """A page of results. One query for each kind on it, none for departments.

    One more for each name or number in a filter that has to be looked up.
    """
    began = time.perf_counter()
    query = language.parse(text)
    results = Results(query.text)
    _ask(reader, Wish(query, filters, cards, limit, cursor), results)
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
        asking = Asking(reader, search_for(reader, snapshot), hits.seen_cards(reader, wish.cards))
        meant = understand(asking, wish.query, wish.filters)
        results.notices, results.ignored = meant.notices, meant.ignored
        results.conditions, results.sort = meant.conditions, meant.sort
        _fill(asking, wish, meant, results)
    except Unreadable as damage:
        log.warning("search.index.damaged", error=str(damage))
        open_index().distrust(snapshot)
        results.rebuilding = True


def matches(search: Search, meant: Understood) -> Matches:
    """What has the words, before it is narrowed; without words, everything there is to narrow."""

    def counting(found: Matches) -> Matches:
        return narrowed(search.snapshot, found, meant.conditions)

    if meant.has_words:
        return ranking.match(search, meant.groups, meant.beside, counting)
    if meant.conditions or meant.beside.unwanted:
        return ranking.everything(search, meant.beside.unwanted)
    return ranking.NONE


def _fill(asking: Asking, wish: Wish, meant: Understood, results: Results) -> None:
    search, snapshot = asking.search, asking.search.snapshot
    found = matches(search, meant)
    while True:
        kept = narrowed(snapshot, found, meant.conditions)
        chosen, results.next = _page(snapshot, kept, wish, meant.sort)
        refs = [ref_of(snapshot, doc) for doc in chosen.docs]
        loaded = hits.load(asking.reader, refs, wish.cards)
        if len(loaded) == len(refs):
            break
        # The index lags behind the database by a moment: what is gone there is not counted here.
        gone = [doc for doc, ref in zip(chosen.docs, refs, strict=True) if ref not in loaded]
        found = _less(found, gone)
    results.total, results.relaxed = len(kept.docs), kept.relaxed if len(kept.docs) else None
    results.whole = int(kept.whole.sum()) if kept.whole is not None else results.total
    results.facets = facets_of(snapshot, found, meant.conditions, asking.cards)
    shown = zip(refs, chosen.scores, strict=True)
    results.hits = _hits([(loaded[ref], score) for ref, score in shown], meant)
    if meant.has_words and (not results.total or results.relaxed):
        results.suggestion = _suggestion(search, wish.query)


def _suggestion(search: Search, query: Query) -> str | None:
    """The query with its words spelt as they are known; filters stay as they are.

    Where a word before a colon is no filter, the page says what was probably meant.
    """
    if query.unknown:
        return None
    stretches = query.stretches
    for number in range(0, len(stretches), 2):
        stretches[number] = spelling.suggest(search, stretches[number]) or stretches[number]
    better = "".join(stretches)
    return better if better != query.text else None


def _hits(found: Sequence[tuple[Found, float]], meant: Understood) -> list[Hit]:
    wanted = Wanted(meant.operands)
    return [Hit(one, round(float(score), 4), snippet(one.text, wanted)) for one, score in found]


ORDERS = {"votes": "votes", "new": "written", "active": "updated"}
"""What orders other than the best match go by; equals come newest first."""
FIRST = float(2**52)
"""More than any measure: what has all the words stays first in every order."""


def _ordered(snapshot: Snapshot, found: Matches, count: int, sort: str) -> tuple[Matches, Docs]:
    """The results with their scores, and the places of the first of them."""
    if sort not in ORDERS:
        found = ranking.ranked(snapshot, found, count)
        return found, ranking.best(snapshot, found, count)
    measured = MEASURES[ORDERS[sort]](snapshot, found.docs).astype(np.float64)
    if found.whole is not None:
        measured += FIRST * found.whole
    return found, ranking.best(snapshot, replace(found, scores=measured), count)


def _less(found: Matches, stale: Sequence[int]) -> Matches:
    return found.where(~np.isin(found.docs, stale))


def _page(snapshot: Snapshot, found: Matches, wish: Wish, sort: str) -> tuple[Matches, str | None]:
    """This page's documents in order, and the cursor of the next page.

    A cursor knows the last document; where that has gone, its old place.
    """
    limit, after = wish.limit, decode_cursor(wish.cursor, (int, str))
    start = min(max(after[0], 0), DEEPEST) if after else 0
    wanted = start + limit + 1 + (limit if after else 0)
    found, order = _ordered(snapshot, found, wanted, sort)
    if after:
        names = [docid(snapshot, doc) for doc in found.docs[order]]
        start = names.index(after[1]) + 1 if after[1] in names else start
    page = order[start : start + limit]
    chosen = Matches(found.docs[page], found.scores[page])
    if start + limit >= min(len(order), DEEPEST) or not len(page):
        return chosen, None
    return chosen, encode_cursor((start + limit, docid(snapshot, chosen.docs[-1])))


def similar(reader: Person, title: str, body: str) -> list[Hit]:
    """Ideas and standards that say much the same: by the most telling words of title and body."""
    snapshot = open_index().snapshot()
    if snapshot is None:
        return []
    try:
        search = search_for(reader, snapshot)
        words = _telling(search, title, body)
        found = ranking.match_any(search, [[One(word)] for word in words])
        kept = found.where(of_kinds(*SIMILAR_KINDS)(snapshot, found.docs))
        enough = ranking.with_at_least(search, kept, words)
        order = ranking.best(snapshot, enough, SIMILAR)
    except Unreadable:
        open_index().distrust(snapshot)
        return []
    refs = [ref_of(snapshot, doc) for doc in enough.docs[order]]
    loaded = hits.load(reader, refs, hits.all_cards())
    wanted = Wanted(One(word) for word in words)
    return [
        Hit(loaded[ref], round(float(score), 4), snippet(loaded[ref].text, wanted))
        for ref, score in zip(refs, enough.scores[order], strict=True)
        if ref in loaded
    ]


def _telling(search: Search, title: str, body: str) -> list[Word]:
    """The words worth comparing by: rare in the forum, frequent here, those of the title twice."""
    counts: dict[str, float] = {}
    words: dict[str, Word] = {}
    for weight, text in ((2.0, title), (1.0, body)):
        for word in words_of(text):
            if word.lemmas and len(words) < 400:
                words.setdefault(word.lemmas[0], word)
                counts[word.lemmas[0]] = counts.get(word.lemmas[0], 0.0) + weight
    worth = {}
    for lemma, count in counts.items():
        frequency = len(search.find(Term("text", lemma)).docs)
        if lemma in words and frequency:
            worth[lemma] = search.view.idf(frequency) * min(count, 4.0)
    best = sorted(worth, key=lambda lemma: (-worth[lemma], lemma))[:SIMILAR_TERMS]
    return [words[lemma] for lemma in best]


def suggest(reader: Person, text: str) -> list[Found]:
    """Titles, numbers, people and departments that begin so; the shortest first."""
    snapshot = open_index().snapshot()
    words = list(words_of(clean_line(text)))[:8]
    if snapshot is None or not words:
        return []
    try:
        search = search_for(reader, snapshot)
        found = _beginning(search, words)
        kept = found.where(of_kinds(*SUGGESTED_KINDS)(snapshot, found.docs))
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
