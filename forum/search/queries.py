"""One function per question: a page of results, similar things, suggestions while typing.

Everything a result says (total, facets, order, suggestion) is computed over what its reader sees.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from forum.accounts.models import Person
from forum.core.i18n import _, locale_code
from forum.core.paging import decode_cursor, encode_cursor
from forum.core.textcheck import clean_line
from forum.search import files, hits, language, ranking, spelling
from forum.search.analysis import Word, words_of
from forum.search.clauses import Part as Clause
from forum.search.clauses import best_of, clauses_of
from forum.search.documents import INDEXED
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Docs, Snapshot
from forum.search.engine.stock import Unreadable
from forum.search.facets import Facet, Filters, facets_of, narrowed
from forum.search.filters.conditions import MEASURES, headings_with, of_kinds
from forum.search.filters.older import asks_for_older
from forum.search.filters.readers import Asking
from forum.search.filters.understood import Condition, Understood, understand
from forum.search.glossary.known import NOTHING, glossary
from forum.search.glossary.meant import widen
from forum.search.hits import Cards, Found
from forum.search.language import Query
from forum.search.open_index import open_index, reading
from forum.search.ranking import Groups, Matches
from forum.search.snippets import Wanted, marked, snippet
from forum.search.visibility import docid, ref_of, search_for
from forum.search.why import Part, lemmas_in, parts_of

SUGGESTED = 8
SUGGESTED_KINDS = ("department", "person", "standard", "idea", "service")
FEW = 3
"""From so many results on, nobody asks whether something else was meant."""
DEEPEST = 10_000
"""Results one can page to; nobody reads further, and a cursor is not a promise."""


class Place(NamedTuple):
    """The clause of a standard that has what was looked for: HTML of its name, its address, and
    the language of the name."""

    name: str
    url: str
    lang: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the thing, its score, and HTML of its title and best passage, in `lang`."""

    found: Found
    score: float
    title: str
    snippet: str
    lang: str = ""
    why: list[Part] = field(default_factory=list)
    clause: Place | None = None


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
    also: list[str] = field(default_factory=list)
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
    exact: bool
    why: bool


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

    One more for each name or number in a filter that has to be looked up. `exact` leaves the
    company's glossary out; with `why` each hit knows the parts of its score.
    """
    began = time.perf_counter()
    query = language.parse(text)
    results = Results(query.text)
    _ask(reader, Wish(query, filters, cards, limit, cursor, exact, why), results)
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
        with reading(snapshot):
            cards = hits.seen_cards(reader, wish.cards)
            older = asks_for_older(wish.query, wish.filters)
            asking = Asking(reader, search_for(reader, snapshot, older=older), cards)
            meant = understand(asking, wish.query, wish.filters)
            results.notices, results.ignored = meant.notices, meant.ignored
            results.conditions, results.sort = meant.conditions, meant.sort
            _fill(asking, wish, meant, results)
    except Unreadable:
        results.rebuilding = True


def matches(search: Search, meant: Understood, groups: Groups) -> Matches:
    """What has the words, before it is narrowed; without words, everything there is to narrow."""

    def counting(found: Matches) -> Matches:
        return narrowed(search.snapshot, found, meant.conditions)

    if meant.has_words:
        return ranking.match(search, groups, meant.beside, counting)
    if meant.conditions or meant.beside.unwanted:
        return ranking.everything(search, meant.beside.unwanted)
    return ranking.NONE


def having_all(search: Search, meant: Understood) -> Matches:
    """What has all the words and fits the filters; nothing is relaxed."""
    groups = widen(search, meant.groups, glossary()).groups
    if meant.has_words:
        found = ranking.having_all(search, groups, meant.beside)
    else:
        found = matches(search, meant, groups)
    return narrowed(search.snapshot, found, meant.conditions)


def _fill(asking: Asking, wish: Wish, meant: Understood, results: Results) -> None:
    search, snapshot = asking.search, asking.search.snapshot
    meaning = widen(search, meant.groups, NOTHING if wish.exact else glossary())
    found = matches(search, meant, meaning.groups)
    while True:
        kept = narrowed(snapshot, found, meant.conditions)
        chosen, results.next = _page(snapshot, kept, wish, meant.sort)
        refs = [ref_of(snapshot, doc) for doc in chosen.docs]
        loaded = hits.load(asking.reader, refs, wish.cards)
        # The index lags behind the database by a moment: what is gone there is not counted here.
        gone = [doc for doc, ref in zip(chosen.docs, refs, strict=True) if ref not in loaded]
        if not gone:
            break
        found = _less(found, gone)
    results.total, results.relaxed = len(kept.docs), kept.relaxed if len(kept.docs) else None
    results.whole = kept.with_all
    results.facets = facets_of(snapshot, found, meant.conditions, asking.cards)
    results.also = [side.text for side in meaning.sides]
    wanted = Wanted([*meant.operands, *meaning.others])
    best = zip(refs, chosen.scores.tolist(), strict=True)
    results.hits = [shown(loaded[ref], score, wanted) for ref, score in best]
    _show_places(snapshot, meant, results, wanted)
    if wish.why:
        others = lemmas_in(meaning.others) - lemmas_in(meant.operands)
        _explain(search, chosen, others, results)
    if meant.has_words and (results.whole < FEW or results.relaxed):
        results.suggestion = _suggestion(search, wish.query)


def _show_places(snapshot: Snapshot, meant: Understood, results: Results, wanted: Wanted) -> None:
    """Where in a standard, or in what document, the words are."""
    show_clauses(results.hits, wanted, headings_asked(snapshot, meant.conditions))
    show_documents(results.hits, wanted)


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


def _explain(search: Search, chosen: Matches, others: frozenset[str], results: Results) -> None:
    """Give the shown hits the parts of their scores."""
    if chosen.asked is None:
        return
    for hit, doc, score in zip(results.hits, chosen.docs, chosen.scores, strict=True):
        hit.why.extend(parts_of(search, chosen.asked, int(doc), float(score), others))


def shown(found: Found, score: float, wanted: Wanted) -> Hit:
    """A thing with its words marked; its passage is of a translation where only that has any."""
    title, passage, lang = marked(found.title, wanted), snippet(found.text, wanted), found.lang
    if found.told and "<mark>" not in passage:
        told = ((snippet(part.text, wanted), part.lang) for part in found.told)
        passage, lang = next((each for each in told if "<mark>" in each[0]), (passage, lang))
    return Hit(found, round(float(score), 4), title, passage, lang)


def show_documents(hits: list[Hit], wanted: Wanted) -> None:
    """Where nothing is marked, the passage of a document that has the words, after its name.

    No query where everything is marked, otherwise one for each kind of what is not.
    """
    if not wanted:
        return
    unmarked = {
        (hit.found.kind, hit.found.id): number
        for number, hit in enumerate(hits)
        if not hit.found.version and "<mark>" not in hit.title + hit.snippet
    }
    for ref, name, plain in files.named(unmarked):
        passage = snippet(plain, wanted)
        number = unmarked[ref]
        if "<mark>" in passage and "<mark>" not in hits[number].snippet:
            line = f"{marked(name, wanted)}: {passage}"
            hits[number] = replace(hits[number], snippet=line, lang=hits[number].found.lang)


def headings_asked(snapshot: Snapshot, conditions: Sequence[Condition]) -> frozenset[str]:
    """The clauses that were asked for by number or heading."""
    return frozenset(
        heading
        for condition in conditions
        if condition.name == "clause" and not condition.negated
        for value in condition.values
        for heading in headings_with(snapshot, value.written)
    )


def show_clauses(hits: list[Hit], wanted: Wanted, headings: frozenset[str]) -> None:
    """Standards with the clause that has the words, and its passage. One query where there are
    some in force, and one where there are older versions."""
    if not wanted and not headings:
        return
    places = {hit.found.ref: at for at, hit in enumerate(hits) if hit.found.kind == "standard"}
    for ref, parts in clauses_of(list(places)).items():
        at = places[ref]
        found = hits[at].found
        own = locale_code() if any(part.lang == locale_code() for part in found.told) else ""
        best = best_of(parts, found.text, found.told, wanted, headings, own)
        if best is not None:
            hits[at] = _at_clause(hits[at], best, wanted)


def _at_clause(hit: Hit, best: Clause, wanted: Wanted) -> Hit:
    """A standard with this clause and its passage. Readers get a page in their language: the link
    asks for that of a translation into another."""
    lang = best.lang or hit.found.lang
    asked = f"?lang={best.lang}" if best.lang and best.lang != locale_code() else ""
    url = f"{hit.found.url}{asked}#clause-{best.key}"
    hit = replace(hit, clause=Place(marked(best.name, wanted), url, lang))
    passage = snippet(best.text, wanted)
    return replace(hit, snippet=passage, lang=lang) if passage else hit


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
    chosen = Matches(found.docs[page], found.scores[page], asked=found.asked)
    if start + limit >= min(len(order), DEEPEST) or not len(page):
        return chosen, None
    return chosen, encode_cursor((start + limit, docid(snapshot, chosen.docs[-1])))


def suggest(reader: Person, text: str) -> list[Found]:
    """Titles, numbers, people and departments that begin so; the shortest first."""
    snapshot = open_index().snapshot()
    words = list(words_of(clean_line(text)))[:8]
    if snapshot is None or not words:
        return []
    try:
        with reading(snapshot):
            search = search_for(reader, snapshot)
            found = _beginning(search, words)
            kept = found.where(of_kinds(*SUGGESTED_KINDS)(snapshot, found.docs))
            best = kept.docs[ranking.best(snapshot, kept, SUGGESTED)]
            refs = [ref_of(snapshot, doc) for doc in best]
    except Unreadable:
        return []
    loaded = hits.load(reader, refs, hits.all_cards())
    return [loaded[ref] for ref in refs if ref in loaded]


def _beginning(search: Search, words: Sequence[Word]) -> Matches:
    """Documents whose title has all the words, the last one perhaps unfinished."""
    docs = ranking.everything(search).docs
    for number, word in enumerate(words):
        fitting = ranking.titled(search, word, unfinished=number == len(words) - 1)
        docs = docs[np.isin(docs, fitting, assume_unique=True)]
    kinds = search.snapshot.column("kind")[docs]
    first = np.array([SUGGESTED_KINDS.index(k) if k in SUGGESTED_KINDS else 9 for k in INDEXED])
    return Matches(docs, 1 / (1 + search.snapshot.lengths("name")[docs] + first[kinds] / 10))
