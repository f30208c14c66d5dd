"""Ideas and standards that say much the same: by the most telling words of a title and a text.

Work is bounded whatever the text: so much of it is read, so many words are looked up, so few asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from forum.accounts.models import Person
from forum.core.errors import NotFound
from forum.search import hits, ranking
from forum.search.analysis import Word, words_of
from forum.search.documents import KINDS as ALL_KINDS
from forum.search.documents import Ref
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Snapshot
from forum.search.engine.stock import Unreadable
from forum.search.filters.conditions import of_kinds
from forum.search.glossary.known import Known, glossary, key_of
from forum.search.glossary.meant import Meant, widen
from forum.search.hits import Cards, Found
from forum.search.language import One
from forum.search.open_index import open_index, reading
from forum.search.queries import Hit, shown
from forum.search.ranking import Matches
from forum.search.snippets import Wanted
from forum.search.visibility import ref_of, search_for

SHOWN = 5
KINDS = ("idea", "standard")
READ = 4_000
"""Characters of a text that are read: what somebody is about is said by then."""
LOOKED_UP = 120
"""Different words whose worth is looked up, those of the title first."""
COMPARED = 60
"""Words that are compared by."""
SHARED = 2
"""Of these, so many at least are in a text that says much the same, or a rare one."""
RARE = 0.01
"""The share of all documents up to which a word is rare."""
TITLE_WORTH, MOST_WORTH = 2.0, 6.0
"""A word of the title counts as two of the text, and none as more than six."""
OPENING = 200
"""Characters of a text that stand for its title where there is none."""


class Telling(NamedTuple):
    """A word worth comparing by, and how much it counts."""

    word: Word
    times: float


def similar(reader: Person, title: str, body: str, *, own: Ref | None = None) -> list[Hit]:
    """What says much the same as a text that is being written; `own` is what it is already. Three
    queries."""
    return _alike(reader, title, body, hits.all_cards(), own=own)


def related(reader: Person, kind: str, row_id: int) -> tuple[Found, list[Hit]]:
    """An idea or a standard, and what says much the same. Raises NotFound. Four queries."""
    ref, cards = (kind, row_id), hits.all_cards()
    found = hits.load(reader, [ref], cards) if kind in KINDS else {}
    if ref not in found:
        raise NotFound
    return found[ref], _alike(reader, found[ref].title, found[ref].words, cards, own=ref)


class Likeness(NamedTuple):
    """Another idea, how much of the idea's likeness to itself it reaches, and the words of both."""

    found: Found
    share: float
    words: list[str]


def likenesses(reader: Person, kind: str, row_id: int, *, stages: Sequence[str]) -> list[Likeness]:
    """What of its kind and in these stages says much the same, the likeliest first. Two queries."""
    ref = (kind, row_id)
    found = hits.load(reader, [ref], {}).get(ref)
    snapshot = open_index().snapshot()
    if found is None or snapshot is None:
        return []
    try:
        with reading(snapshot):
            search, known = search_for(reader, snapshot), glossary()
            words = telling(search, found.title, found.words, known, fewest=2)
            matches = alike(search, words, known)
            itself = _score_of(snapshot, matches, ref)
            of_kind = matches.where(of_kinds(kind)(snapshot, matches.docs))
            in_stage = of_kind.where(snapshot.labelled("stage", stages, of_kind.docs))
            best = _best(snapshot, in_stage, ref)
    except Unreadable:
        return []
    loaded = hits.load(reader, best, {})
    return [
        Likeness(loaded[other], score / itself, _shared(words, loaded[other]))
        for other, score in best.items()
        if other in loaded and itself
    ]


def _score_of(snapshot: Snapshot, found: Matches, ref: Ref) -> float:
    """What an idea's own words give it; nothing while the index does not know it."""
    kinds, ids = snapshot.column("kind")[found.docs], snapshot.column("id")[found.docs]
    own = found.scores[(kinds == ALL_KINDS.index(ref[0])) & (ids == ref[1])]
    return float(own[0]) if len(own) else 0.0


def _shared(words: Sequence[Telling], other: Found) -> list[str]:
    """Those of the words, as they were written, that another text has in some form."""
    there = {
        term for word in words_of(f"{other.title}\n{other.words}"[:READ]) for term in word.terms
    }
    return [each.word.surface for each in words if there.intersection(each.word.terms)]


def _alike(
    reader: Person, title: str, body: str, cards: Cards, own: Ref | None = None
) -> list[Hit]:
    snapshot = open_index().snapshot()
    if snapshot is None:
        return []
    try:
        with reading(snapshot):
            search = search_for(reader, snapshot)
            known = glossary()
            words = telling(search, title, body, known, fewest=1 if own is None else 2)
            best = _best(snapshot, alike(search, words, known), own)
    except Unreadable:
        return []
    loaded = hits.load(reader, best, cards)
    wanted = Wanted(One(each.word) for each in words)
    return [shown(loaded[ref], score, wanted) for ref, score in best.items() if ref in loaded]


def telling(
    search: Search, title: str, body: str, known: Known, *, fewest: int = 1
) -> list[Telling]:
    """The words worth comparing by, in their order: rare in the forum, frequent here.

    A word that fewer texts have than `fewest` says nothing: one of them may be this text itself.
    """
    words: dict[str, Word] = {}
    counts: dict[str, float] = {}
    for weight, word in _weighed(title or body[:OPENING], body[:READ]):
        lemma = word.lemmas[0]
        if lemma in words or len(words) < LOOKED_UP:
            words.setdefault(lemma, word)
            counts[lemma] = min(counts.get(lemma, 0.0) + weight, MOST_WORTH)
    worth = {lemma: _idf(search, words[lemma], known, fewest) * counts[lemma] for lemma in words}
    best = sorted(filter(worth.get, worth), key=lambda lemma: (-worth[lemma], lemma))[:COMPARED]
    return [Telling(words[lemma], counts[lemma]) for lemma in words if lemma in best]


def _idf(search: Search, word: Word, known: Known, fewest: int) -> float:
    """How telling a word is, or the most usual other word for it; nothing if too few have it."""
    key = key_of(word)
    rows = [word.lemmas[:1], *(side.key for side in known.others(key))]
    frequency = max(min(search.frequency("text", lemma) for lemma in row) for row in rows)
    return search.view.idf(frequency) if frequency >= fewest else 0.0


def _weighed(title: str, body: str) -> Iterator[tuple[float, Word]]:
    for weight, text in ((TITLE_WORTH, title), (1.0, body)):
        for word in words_of(text):
            if word.lemmas:
                yield weight, word


def alike(search: Search, words: Sequence[Telling], known: Known) -> Matches:
    """The ideas and standards that share enough of the words."""
    widened = widen(search, [[One(each.word)] for each in words], known)
    wanted = [
        (operand, each)
        for (operand,), each in zip(widened.groups, words, strict=True)
        if isinstance(operand, One | Meant)
    ]
    whole = [(operand, each.times) for operand, each in wanted]
    found = ranking.match_alike(search, whole, 1)
    enough = ranking.match_alike(search, whole, min(SHARED, len(words))).docs
    rare = [(operand, each.times) for operand, each in wanted if _is_rare(search, each.word)]
    if rare:
        enough = np.union1d(enough, ranking.match_alike(search, rare, 1).docs)
    found = found.where(np.isin(found.docs, enough, assume_unique=True))
    return found.where(of_kinds(*KINDS)(search.snapshot, found.docs))


def _is_rare(search: Search, word: Word) -> bool:
    """Whether so few texts have a word that to share it says something."""
    return search.frequency("text", word.lemmas[0]) <= RARE * search.view.documents


def _best(snapshot: Snapshot, found: Matches, own: Ref | None) -> dict[Ref, float]:
    order = ranking.best(snapshot, found, SHOWN + 1)
    refs = {ref_of(snapshot, found.docs[at]): float(found.scores[at]) for at in order}
    return dict([(ref, score) for ref, score in refs.items() if ref != own][:SHOWN])
