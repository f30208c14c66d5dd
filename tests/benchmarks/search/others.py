"""What the engine is measured beside: the same documents, words, filters, orders and facets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tantivy

from forum.search.documents import Document
from tests.benchmarks.search.asked import FILTERED, TOP, Asked

Filled = Iterator[tuple[Document, str]]
SINGLE = ("kind", "stage", "lang", "home", "year")
SEVERAL = ("affected", "tag")


def _year(document: Document) -> int:
    return 1970 + document.at // (365 * 86_400 * 1_000_000)


def _values(document: Document) -> dict[str, str]:
    return {
        "kind": document.kind,
        "stage": document.stage,
        "lang": document.lang,
        "home": str(document.home),
        "year": str(_year(document)),
    }


class Fts5:
    """SQLite's full-text search, with a table beside it for everything that is not words."""

    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        self.db = sqlite3.connect(folder / "fts5.sqlite3")
        self.db.execute("pragma mmap_size=4000000000")
        self.db.execute("pragma cache_size=-200000")
        self.db.execute("pragma temp_store=memory")

    def fill(self, found: Filled) -> None:
        """Index all documents."""
        self.db.executescript(f"""
            create virtual table docs using fts5(words, content='', prefix='3',
              tokenize="unicode61 tokenchars '_.@+#&'");
            create table facts (id integer primary key, {", ".join(SINGLE)}, at integer);
            create table affected (id integer, value text);
            create table tag (id integer, value text);
        """)
        for document, words in found:
            self.db.execute("insert into docs(rowid, words) values (?, ?)", (document.id, words))
            values = (document.id, *_values(document).values(), document.at)
            self.db.execute(f"insert into facts values ({','.join('?' * 7)})", values)
            for name, own in (("affected", document.departments), ("tag", document.tags)):
                rows = [(document.id, str(value)) for value in own]
                self.db.executemany(f"insert into {name} values (?, ?)", rows)
        self.db.execute("insert into docs(docs) values ('optimize')")
        self.db.execute("create index affected_id on affected(id, value)")
        self.db.execute("create index tag_id on tag(id, value)")
        self.db.commit()

    def open(self) -> None:
        """Nothing has to be looked at."""

    def ask(self, asked: Asked) -> int:
        """The best or newest twenty and how many there are; for a common term the facets too."""
        match = self._match(asked)
        joined, where, order = "", "", "rank"
        if asked.kind == "filter":
            joined, where = "join facts on facts.id = docs.rowid", f"and stage = '{FILTERED}'"
        if asked.kind == "sort":
            joined, order = "join facts on facts.id = docs.rowid", "at desc"
        begun = f"from docs {joined} where docs match ? {where}"
        self.db.execute(
            f"select docs.rowid {begun} order by {order} limit {TOP}", (match,)
        ).fetchall()
        if asked.kind == "common":
            self._facets(match)
        return int(self.db.execute(f"select count(*) {begun}", (match,)).fetchone()[0])

    def _match(self, asked: Asked) -> str:
        quoted = [f'"{term}"' for term in asked.terms]
        return {
            "and": " ".join(quoted),
            "or": " OR ".join(quoted),
            "similar": " OR ".join(quoted),
            "phrase": f'"{" ".join(asked.terms)}"',
            "prefix": f'"{asked.terms[0]}" *',
        }.get(asked.kind, quoted[0])

    def _facets(self, match: str) -> None:
        self.db.execute("create temp table hit as select rowid id from docs where docs match ?",
                        (match,))  # fmt: skip
        for name in SINGLE:
            self.db.execute(
                f"select {name}, count(*) from hit join facts using (id) group by {name}"
            ).fetchall()
        for name in SEVERAL:
            self.db.execute(
                f"select value, count(*) n from hit join {name} using (id)"
                " group by value order by n desc limit 40"
            ).fetchall()
        self.db.execute("drop table hit")


class Tantivy:
    """A native engine."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        made = tantivy.SchemaBuilder()
        made.add_text_field("words", tokenizer_name="whitespace", index_option="position")
        for name in (*SINGLE, *SEVERAL):
            made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
        made.add_integer_field("row", stored=True, fast=True)
        made.add_integer_field("at", fast=True)
        (folder / "tantivy").mkdir(exist_ok=True)
        self.schema = made.build()
        self.index = tantivy.Index(self.schema, path=str(folder / "tantivy"))

    def fill(self, found: Filled) -> None:
        """Index all documents."""
        writer = self.index.writer(heap_size=200_000_000, num_threads=1)
        for document, words in found:
            single = {name: [value] for name, value in _values(document).items()}
            writer.add_document(
                tantivy.Document(
                    words=[words],
                    row=[document.id],
                    at=[document.at],
                    affected=[str(value) for value in document.departments],
                    tag=list(document.tags),
                    **single,
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Look at what was committed."""
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, asked: Asked) -> int:
        """The best or newest twenty and how many there are; for a common term the facets too."""
        query = self._query(asked)
        order = {"order_by_field": "at"} if asked.kind == "sort" else {}
        found = self.searcher.search(query, TOP, count=True, **order)
        if asked.kind == "common":
            facets = (*SINGLE, *SEVERAL)
            wanted = {name: {"terms": {"field": name, "size": 40}} for name in facets}
            self.searcher.aggregate(query, wanted)
        return int(found.count)

    def _query(self, asked: Asked) -> Any:
        term, made = tantivy.Query.term_query, tantivy.Query.boolean_query
        if asked.kind == "phrase":
            return tantivy.Query.phrase_query(self.schema, "words", list(asked.terms))
        if asked.kind == "prefix":
            return tantivy.Query.regex_query(self.schema, "words", f"{asked.terms[0]}.*")
        how = tantivy.Occur.Must if asked.kind == "and" else tantivy.Occur.Should
        query = made([(how, term(self.schema, "words", one)) for one in asked.terms])
        if asked.kind == "filter":
            fits = tantivy.Query.const_score_query(term(self.schema, "stage", FILTERED), 0.0)
            query = made([(tantivy.Occur.Must, query), (tantivy.Occur.Must, fits)])
        return query
