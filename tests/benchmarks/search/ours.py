"""The engine with the product's schema, formula and facets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from forum.search import indexer, ranking
from forum.search.documents import Document
from forum.search.engine.memory import keep_freed
from forum.search.engine.opened import read
from forum.search.engine.queries import All, Phrase, Prefix, Query, Term
from forum.search.engine.queries import Any as Either
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Snapshot, View
from forum.search.facets import FACETS, counted
from forum.search.ranking import FORMULA, Matches
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf, open_index
from tests.benchmarks.search.asked import FILTERED, TOP, Asked


class Ours:
    """The engine, as the forum uses it."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        keep_freed()
        self.shelf = Shelf(folder / "index")

    def fill(self, found: Iterator[Document]) -> None:
        """Index all documents."""
        build = self.shelf.new_build()
        indexer.fill(build, Position("benchmark", 0), found)
        self.shelf.switch(build)

    def open(self) -> None:
        """A new snapshot, and one search for what is worked out once over a snapshot."""
        build = self.shelf.current()
        assert build is not None
        self.snapshot: Snapshot = read(open_index(build), PLAN, {})
        self.view = View(self.snapshot, FORMULA)
        self.ask(Asked("common", ("",)))
        for name in ("at", "kind", "id"):
            self.snapshot.column(name)

    def share(self, term: str) -> float:
        """Which share of the documents has a term."""
        return Search(self.view).frequency("text", term) / self.snapshot.size

    def ask(self, asked: Asked) -> int:
        """The best or newest twenty and how many there are; for a common term the facets too."""
        found = Matches(*Search(self.view).find(_query(asked)))
        if asked.kind == "filter":
            found = found.where(self.snapshot.labelled("stage", (FILTERED,), found.docs))
        if asked.kind == "sort":
            newest = self.snapshot.column("at")[found.docs]
            found = Matches(found.docs, newest.astype(float))
        ranking.best(self.snapshot, found, TOP)
        if asked.kind == "common":
            counted(self.snapshot, FACETS, found.docs)
        return len(found.docs)


def _query(asked: Asked) -> Query:
    terms = tuple(Term("text", term) for term in asked.terms)
    if asked.kind == "phrase":
        return Phrase("text", asked.terms)
    if asked.kind == "prefix":
        return Prefix("text", asked.terms[0])
    if asked.kind == "and":
        return All(terms)
    return Either(terms) if len(terms) > 1 else terms[0]
