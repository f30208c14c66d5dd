"""How long a search takes, beside SQLite's FTS5 and tantivy over the same words.

`python -m tests.benchmarks.search DATA [--documents 100000] [--queries 200] [--keep FOLDER]`

Documents are put together from the texts of DATA (`ir/*/docs.jsonl`, `ideas/*.jsonl`), half of one
and half of another, so the vocabulary is that of real texts in Russian and English. All three are
given the same dictionary forms. A query is asked once by a fresh searcher: nothing of it is in the
process's caches, while the files are in the system's.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tantivy

from forum.search import indexer, ranking
from forum.search.analysis import words_of
from forum.search.documents import Document
from forum.search.engine.opened import read
from forum.search.engine.queries import All, Phrase, Prefix, Query, Term
from forum.search.engine.queries import Any as Either
from forum.search.engine.search import Search
from forum.search.engine.snapshot import Snapshot, View
from forum.search.ranking import FORMULA, Matches
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf, open_index

TOP = 20
STAGES = ("new", "review", "accepted", "done", "declined")
SEED = 5


class Asked(NamedTuple):
    """One query: its kind, its terms."""

    kind: str
    terms: tuple[str, ...]


def texts(data: Path) -> list[tuple[str, str, str]]:
    """(language, title, text) of everything there is."""
    found = []
    for path in sorted((*data.glob("ir/*/docs.jsonl"), *data.glob("ideas/*.jsonl"))):
        for line in path.open(encoding="utf-8"):
            row = json.loads(line)
            body = row.get("text") or row.get("markdown") or row.get("body") or ""
            if isinstance(body, str) and len(body) > 40:
                lang = "ru" if any("а" <= char <= "я" for char in body[:200]) else "en"
                found.append((lang, str(row.get("title") or body[:60]), body[:1500]))
    return found


def documents(data: Path, count: int) -> Iterator[Document]:
    """As many documents as asked for."""
    chance = random.Random(SEED)  # noqa: S311
    sources: dict[str, list[Any]] = {"ru": [], "en": []}
    for lang, title, body in texts(data):
        sources[lang].append((title, body))
    for number in range(1, count + 1):
        lang = "ru" if number % 2 and sources["ru"] else "en"
        (title, one), (_title, other) = chance.choices(sources[lang], k=2)
        yield Document(
            kind="idea" if number % 3 else "comment",
            id=number,
            title=title if number % 3 else "",
            body=f"{one[: len(one) // 2]} {other[len(other) // 2 :]}",
            lang=lang,
            stage=STAGES[number % 5],
            departments=(number % 40 + 1, number % 23 + 1),
            scope=(f"d{number % 40 + 1}", f"p{number % 997}"),
            at=number * 1_000_003 % (count * 17),
        )


def lemmas(document: Document) -> str:
    """A document as the others are given it: dictionary forms with spaces between."""
    words = (*words_of(document.title), *words_of(document.body))
    return " ".join(word.lemmas[0].replace("-", "_") for word in words if word.lemmas)


class Fts5:
    """SQLite's full-text search."""

    def __init__(self, folder: Path) -> None:
        self.db = sqlite3.connect(folder / "fts5.sqlite3")
        self.db.execute("pragma mmap_size=2000000000")

    def fill(self, found: Iterator[tuple[Document, str]]) -> None:
        """Index all documents."""
        self.db.execute(
            "create virtual table docs using fts5(words, stage unindexed, content='', "
            "tokenize=\"unicode61 tokenchars '_.@+#&'\", prefix='3')"
        )
        rows = ((d.id, words, d.stage) for d, words in found)
        self.db.executemany("insert into docs(rowid, words, stage) values (?, ?, ?)", rows)
        self.db.execute("insert into docs(docs) values ('optimize')")
        self.db.commit()

    def ask(self, asked: Asked) -> int:
        """The best twenty and how many there are."""
        quoted = [f'"{term}"' for term in asked.terms]
        match = {
            "and": " ".join(quoted),
            "or": " OR ".join(quoted),
            "similar": " OR ".join(quoted),
            "phrase": f'"{" ".join(asked.terms)}"',
            "prefix": f'"{asked.terms[0]}" *',
        }.get(asked.kind, quoted[0])
        query = "select rowid from docs where docs match ? order by rank limit 20"
        self.db.execute(query, (match,)).fetchall()
        count = self.db.execute("select count(*) from docs where docs match ?", (match,))
        return int(count.fetchone()[0])


class Tantivy:
    """A native engine."""

    def __init__(self, folder: Path) -> None:
        made = tantivy.SchemaBuilder()
        made.add_text_field("words", tokenizer_name="whitespace", index_option="position")
        made.add_unsigned_field("row", stored=True, fast=True)
        (folder / "tantivy").mkdir(exist_ok=True)
        self.schema = made.build()
        self.index = tantivy.Index(self.schema, path=str(folder / "tantivy"))

    def fill(self, found: Iterator[tuple[Document, str]]) -> None:
        """Index all documents."""
        writer = self.index.writer(heap_size=200_000_000, num_threads=1)
        for document, words in found:
            writer.add_document(tantivy.Document(words=[words], row=[document.id]))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Look at what was committed."""
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, asked: Asked) -> int:
        """The best twenty and how many there are."""
        found = self.searcher.search(self._query(asked), TOP, count=True)
        return int(found.count)

    def _query(self, asked: Asked) -> Any:
        term = tantivy.Query.term_query
        if asked.kind == "phrase":
            return tantivy.Query.phrase_query(self.schema, "words", list(asked.terms))
        if asked.kind == "prefix":
            return tantivy.Query.regex_query(self.schema, "words", f"{asked.terms[0]}.*")
        how = tantivy.Occur.Must if asked.kind == "and" else tantivy.Occur.Should
        parts = [(how, term(self.schema, "words", one)) for one in asked.terms]
        return tantivy.Query.boolean_query(parts)


class Ours:
    """The engine, with the product's schema and formula."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder / "index")

    def fill(self, found: Iterator[Document]) -> None:
        """Index all documents."""
        build = self.shelf.new_build()
        indexer.fill(build, Position("benchmark", 0), found)
        self.shelf.switch(build)

    def open(self) -> None:
        """Look at what was committed."""
        build = self.shelf.current()
        assert build is not None
        self.snapshot: Snapshot = read(open_index(build), PLAN, {})
        self.view = View(self.snapshot, FORMULA)
        self.view.mean("text")
        for name in ("at", "kind", "id"):
            self.snapshot.column(name)

    def ask(self, asked: Asked) -> int:
        """The best twenty, how many there are, and for the common ones the facets."""
        found = Matches(*Search(self.view).find(self._query(asked)))
        if asked.kind == "filter":
            found = found.where(self.snapshot.labelled("stage", ("review",), found.docs))
        if asked.kind == "sort":
            newest = self.snapshot.column("at")[found.docs]
            found = Matches(found.docs, newest.astype(float))
        ranking.best(self.snapshot, found, TOP)
        if asked.kind == "common":
            np.bincount(self.snapshot.column("kind")[found.docs])
            for name in ("stage", "lang", "department"):
                self.snapshot.counted(name, found.docs)
        return len(found.docs)

    def _query(self, asked: Asked) -> Query:
        terms = tuple(Term("text", term) for term in asked.terms)
        if asked.kind == "phrase":
            return Phrase("text", asked.terms)
        if asked.kind == "prefix":
            return Prefix("text", asked.terms[0])
        if asked.kind == "and":
            return All(terms)
        return Either(terms) if len(terms) > 1 else terms[0]


KINDS = ("common", "filter", "sort", "and", "or", "similar", "phrase", "prefix")


def queries(snapshot: Snapshot, sample: Sequence[str], count: int) -> Iterator[Asked]:
    """Queries of every kind, from words that stand together in documents."""
    chance = random.Random(SEED)  # noqa: S311
    search = Search(View(snapshot, FORMULA))

    @cache
    def share(term: str) -> float:
        return len(search.find(Term("text", term)).docs) / snapshot.size

    missing = dict.fromkeys(KINDS, count)
    while any(missing.values()):
        words = [word for word in chance.choice(sample).split() if "_" not in word]
        at = chance.randrange(max(len(words) - 1, 1))
        for kind, terms in _drawn(words, at, share).items() if len(words) > 11 else ():
            if terms and missing[kind]:
                missing[kind] -= 1
                yield Asked(kind, terms)


def _drawn(words: list[str], at: int, share: Callable[[str], float]) -> dict[str, tuple[str, ...]]:
    """Terms of a query of each kind; none where the words do not fit it."""
    different = list(dict.fromkeys(words))
    usual = [word for word in different if 0.005 <= share(word) <= 0.3]
    frequent = [word for word in usual if share(word) >= 0.05]
    return {
        "common": tuple(frequent[:1]),
        "filter": tuple(frequent[1:2]),
        "sort": tuple(frequent[2:3]),
        "and": tuple(usual[:3]) if len(usual) > 2 else (),
        "or": tuple(usual[-3:]) if len(usual) > 2 else (),
        "similar": tuple(sorted(different, key=share)[:8]),
        "phrase": tuple(words[at : at + 2]),
        "prefix": (words[at][:3],) if len(words[at]) > 4 else (),
    }


def timed(ask: Callable[[Asked], int], asked: Sequence[Asked]) -> dict[str, list[float]]:
    """Milliseconds of each query by kind."""
    took: dict[str, list[float]] = {}
    for one in asked:
        began = time.perf_counter()
        ask(one)
        took.setdefault(one.kind, []).append(1000 * (time.perf_counter() - began))
    return took


def main() -> None:
    """Fill what is missing, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.keep or Path(temporary)) / str(options.documents)
        _measure(folder, options)


def _measure(folder: Path, options: argparse.Namespace) -> None:
    ours, is_new = Ours(folder), not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    if is_new:
        began, processor = time.perf_counter(), time.process_time()
        ours.fill(documents(options.data, options.documents))
        took, used = time.perf_counter() - began, time.process_time() - processor
        print(f"built in {took:.1f} s, {options.documents / used:,.0f} documents a CPU second")
    sample = [lemmas(d) for d in documents(options.data, min(options.documents, 3_000))]
    others: dict[str, Any] = {}
    if not options.only_ours:
        others = {"FTS5": Fts5(folder), "tantivy": Tantivy(folder)}
        for other in others.values():
            if is_new:
                all_documents = documents(options.data, options.documents)
                other.fill((document, lemmas(document)) for document in all_documents)
        others["tantivy"].open()
    ours.open()
    asked = list(queries(ours.snapshot, sample, options.queries))
    ours.open()
    results = {"ours": timed(ours.ask, asked), "ours, warm": timed(ours.ask, asked)}
    results |= {name: timed(other.ask, asked) for name, other in others.items()}
    print(f"{'ms p50/p95':12}", *(f"{name:>15}" for name in results))
    for kind in KINDS:
        figures = (np.percentile(found[kind], (50, 95)) for found in results.values())
        print(f"{kind:12}", *(f"{middle:8.2f}/{high:6.2f}" for middle, high in figures))


if __name__ == "__main__":
    main()
