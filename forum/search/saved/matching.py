"""Which documents a saved search finds: all of its words, and only what its owner may see."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from forum.accounts.models import Person
from forum.core.limits import QUERY
from forum.search import addresses, figures, hits, language, queries, ranking
from forum.search.building import write_all
from forum.search.documents import Document, Ref
from forum.search.engine.found import NOTHING
from forum.search.engine.opened import read
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Docs, Snapshot
from forum.search.engine.stock import Unreadable
from forum.search.filters.older import asks_for_older
from forum.search.filters.readers import Asking
from forum.search.filters.understood import understand
from forum.search.hits import Cards, Found
from forum.search.open_index import open_index, reading
from forum.search.ranking import Matches
from forum.search.schema import PLAN
from forum.search.shelf import Shelf
from forum.search.shelf import open_index as open_build
from forum.search.visibility import ref_of, search_for


class Newest(NamedTuple):
    """Something that a search finds, and since when it is there (microseconds)."""

    ref: Ref
    at: int

    @property
    def moment(self) -> datetime:
        """Since when, as a moment."""
        return datetime.fromtimestamp(self.at / 1_000_000, UTC)


class Entry(NamedTuple):
    """The same as a page or feed shows it."""

    found: Found
    moment: datetime


class Eyes(NamedTuple):
    """A reader in front of a snapshot, with the departments they see."""

    reader: Person
    snapshot: Snapshot
    search: Search
    cards: Cards

    def looking(self, *, older: bool) -> Search:
        """The reader's search, among older versions of standards too where those are asked for."""
        return search_for(self.reader, self.snapshot, older=True) if older else self.search


def eyes_of(reader: Person, snapshot: Snapshot, cards: Cards) -> Eyes:
    """The reader's eyes. Two queries for a consultant outside a request, else none."""
    search = search_for(reader, snapshot)
    return Eyes(reader, snapshot, search, hits.seen_cards(reader, cards))


def found_by(eyes: Eyes, address: str) -> Docs:
    """The documents with all the words, in no order that means anything.

    Nothing where the address says something that is not known any more, as a department that the
    reader has left: without it the search would find more than was asked for.
    """
    wish = addresses.understood(address)
    if wish.ignored or not QUERY.allows(wish.q):
        return NOTHING[0]
    query = language.parse(wish.q)
    search = eyes.looking(older=asks_for_older(query, wish.filters))
    meant = understand(Asking(eyes.reader, search, eyes.cards), query, wish.filters)
    return NOTHING[0] if meant.ignored else queries.having_all(search, meant).docs


def newest(reader: Person, address: str, cards: Cards, most: int) -> list[Newest] | None:
    """The newest things that a search finds; None while the index cannot tell. No query."""
    snapshot = open_index().snapshot()
    if snapshot is None:
        return None
    try:
        with reading(snapshot):
            docs = found_by(eyes_of(reader, snapshot, cards), address)
            at = snapshot.column("at")[docs].astype(np.float64)
            # Equals come as on every page, not as they lie in the index: what is hidden moves that.
            first = ranking.best(snapshot, Matches(docs, at), most)
            return [
                Newest(ref_of(snapshot, doc), int(moment))
                for doc, moment in zip(docs[first], at[first], strict=True)
            ]
    except Unreadable:
        return None


def entries(reader: Person, address: str, cards: Cards, most: int) -> list[Entry] | None:
    """What a page or feed of a search shows, newest first; None while the index cannot tell.

    One query for each kind that is found.
    """
    found = newest(reader, address, cards, most)
    if found is None:
        return None
    loaded = hits.load(reader, [one.ref for one in found], cards)
    return [Entry(loaded[one.ref], one.moment) for one in found if one.ref in loaded]


@contextmanager
def small_index(documents: Sequence[Document]) -> Iterator[Snapshot]:
    """An index of a few documents with their figures of now, which is gone afterwards; each is
    found under its place. One query."""
    with tempfile.TemporaryDirectory(prefix="forum-news-") as folder:
        build = Shelf(Path(folder)).new_build()
        write_all(build, iter(documents))
        snapshot = read(open_build(build), PLAN, {})
        ideas = [document.id for document in documents if document.kind == "idea"]
        snapshot.kept[figures.NAME] = figures.current(ideas)
        yield snapshot
