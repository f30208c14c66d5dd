"""How well duplicates are found, through the page's own /search/similar, beside plain BM25.

`python -m tests.benchmarks.similar DATA [SET…]` loads each collection of `DATA/ir` (documents that
are their own queries: office-dup, paraphraser-ru, similar-*) into a forum, asks for every query
over HTTP as the page does while one types, and prints nDCG@10 and recall@5. The page is given five;
here the same code is asked for ten. BM25 (Lucene's, k1 1.5, b 0.75, Snowball stems, title and text)
is worked out in the same run, so that the two lines of a set can be compared.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import snowballstemmer
from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.core.words import STOP_WORDS
from forum.ideas.imports.loading import load_file
from forum.ideas.models import Idea
from forum.search import related
from forum.search.evaluate import discounted, folder_is_collection, judgments, own_documents, table
from forum.search.follower import catch_up
from tests.support import make
from tests.support.browser import Browser
from tests.support.server import close, fresh

SETS = ("office-dup", "paraphraser-ru", "similar-*")
ASKED, RECALLED = 10, 5
K1, B = 1.5, 0.75
WORD = re.compile(r"\b\w\w+\b")


class Collection(NamedTuple):
    """Documents, queries by their ids, what is judged, and which document a query is itself."""

    documents: dict[str, tuple[str, str]]
    queries: dict[str, str]
    judged: dict[str, dict[str, float]]
    own: dict[str, str]


def read(folder: Path) -> Collection:
    """A collection from its three files; only queries that are judged."""
    with (folder / "docs.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    documents = {row["id"]: (row.get("title") or "", row.get("text") or "") for row in rows}
    judged = judgments(folder / "qrels.tsv")
    queries = {q: text for q, text in table(folder / "queries.tsv").items() if q in judged}
    return Collection(documents, queries, judged, own_documents(queries, set(documents)))


class Plain:
    """BM25 without anything of the forum's."""

    def __init__(self, documents: Mapping[str, tuple[str, str]]) -> None:
        names = {"en": "english", "ru": "russian"}
        self.stem = {lang: snowballstemmer.stemmer(name) for lang, name in names.items()}
        self.postings: dict[str, dict[str, int]] = defaultdict(dict)
        self.lengths: dict[str, int] = {}
        for name, (title, text) in documents.items():
            terms = self.terms(f"{title} {text}")
            self.lengths[name] = len(terms)
            for term, count in Counter(terms).items():
                self.postings[term][name] = count
        self.mean = sum(self.lengths.values()) / max(len(self.lengths), 1)

    def terms(self, text: str) -> list[str]:
        """Stems of a text's words, without stop words."""
        words = WORD.findall(text.lower().replace("ё", "е"))
        return [
            self.stem["ru" if re.search("[а-я]", word) else "en"].stemWord(word)
            for word in words
            if word not in STOP_WORDS
        ]

    def ask(self, query: str) -> list[str]:
        """The best documents."""
        scores: dict[str, float] = defaultdict(float)
        for term in self.terms(query):
            having = self.postings.get(term, {})
            idf = math.log(1 + (len(self.lengths) - len(having) + 0.5) / (len(having) + 0.5))
            for name, count in having.items():
                share = 1 - B + B * self.lengths[name] / self.mean
                scores[name] += idf * count / (count + K1 * share)
        return sorted(scores, key=lambda name: -scores[name])[: ASKED + 1]


@contextmanager
def forum(collection: Collection) -> Iterator[tuple[Flask, dict[int, str]]]:
    """A forum that holds the documents as ideas, indexed; and what each idea is called there."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "ideas.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            for name, (title, text) in collection.documents.items():
                idea = {"id": name, "title": title or text[:200], "problem": text}
                file.write(json.dumps(idea, ensure_ascii=False) + "\n")
        data = Path(folder) / "forum"
        data.mkdir()
        app = fresh(data)
        with app.app_context():
            load_file(lines, kind=None, dry_run=False, progress=lambda _lines: None)
            db.session.remove()
        catch_up(app)
        with app.app_context():
            rows = db.session.execute(select(Idea.id, Idea.source_id)).all()
            names = {row[0]: str(row[1]) for row in rows}
            db.session.remove()
        yield app, names
        close(app)


def found(browser: Browser, names: Mapping[int, str], text: str) -> list[str]:
    """What the forum offers beside a text."""
    answer: Any = browser.json("/search/similar", query_string={"title": "", "body": text})
    return [names[int(hit["id"])] for hit in answer["hits"]]


def figures(collection: Collection, answers: Mapping[str, Sequence[str]]) -> tuple[float, float]:
    """Mean nDCG@10 and recall@5; a query's own document does not count as its answer."""
    gained, recalled = [], []
    for query, answer in answers.items():
        judged = collection.judged[query]
        kept = [name for name in answer if name != collection.own.get(query)][:ASKED]
        relevant = {name for name, gain in judged.items() if gain > 0}
        ideal = discounted(sorted(judged.values(), reverse=True)[:ASKED])
        gained.append(discounted([judged.get(name, 0.0) for name in kept]) / ideal if ideal else 0)
        recalled.append(len(relevant & set(kept[:RECALLED])) / len(relevant) if relevant else 0)
    return sum(gained) / len(gained), sum(recalled) / len(recalled)


def score(folder: Path) -> bool:
    """Print both lines of a set; whether the forum is above BM25 in both figures."""
    collection = read(folder)
    plain = Plain(collection.documents)
    theirs = figures(collection, {q: plain.ask(text) for q, text in collection.queries.items()})
    related.SHOWN = ASKED + 1  # one of them may be the query itself
    with forum(collection) as (app, names):
        browser = Browser(app)
        browser.enter_as(make.person(app))
        answers = {q: found(browser, names, text) for q, text in collection.queries.items()}
    ours = figures(collection, answers)
    for name, (ndcg, recall) in (("BM25", theirs), ("forum", ours)):
        print(f"{folder.name:28} {name:6} nDCG@10 {ndcg:.4f}  recall@5 {recall:.4f}", flush=True)
    return all(our > their for our, their in zip(ours, theirs, strict=True))


def main() -> int:
    """Score the sets; 1 unless every figure is above BM25's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*", default=SETS)
    given = parser.parse_args()
    os.environ["FORUM_LOG_LEVEL"] = "WARNING"
    folders = [p for name in given.sets for p in sorted((given.data / "ir").glob(name))]
    good = [score(folder) for folder in folders if folder_is_collection(folder)]
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
