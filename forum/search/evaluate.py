"""How good the ranking is on a judged collection, with the product's own analysis and ranking."""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forum.core.errors import Invalid
from forum.core.limits import QUERY
from forum.search import indexer, language
from forum.search.documents import Document
from forum.search.engine.opened import read
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.ranking import FORMULA, best, less, match, ranked
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf, open_index

DEPTH = 150


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the judged queries."""

    ndcg: float
    precision: float
    recall: float
    milliseconds: float

    def lines(self) -> list[str]:
        """One line a figure."""
        return [
            f"nDCG@10 {self.ndcg:.4f}",
            f"MAP {self.precision:.4f}",
            f"R@100 {self.recall:.4f}",
            f"ms/query {self.milliseconds:.2f}",
        ]


def evaluate(collection: Path, *, exclude_self: bool | None = None) -> Figures:
    """Index a collection in a temporary folder and ask its queries. Raises Invalid for files that
    cannot be read or that judge none of the queries."""
    documents, queries, judged = _read(collection)
    names = [name for _document, name in documents]
    own = own_documents(queries, set(names)) if exclude_self is not False else {}
    with tempfile.TemporaryDirectory() as folder:
        target = Shelf(Path(folder) / "index")
        build = target.new_build()
        indexer.fill(build, Position("evaluation", 0), (d for d, _name in documents))
        view = View(read(open_index(build), PLAN, {}), FORMULA)
        figures, took = [], 0.0
        for query, text in queries.items():
            if query not in judged:
                continue
            began = time.perf_counter()
            ranked = [names[i - 1] for i in _ranked(view, text)]
            took += time.perf_counter() - began
            kept = [name for name in ranked if name != own.get(query)]
            figures.append(_figures(kept, judged[query]))
    means = np.mean(np.array(figures), axis=0)
    ndcg, precision, recall = (float(mean) for mean in means)
    return Figures(ndcg, precision, recall, 1000 * took / max(len(figures), 1))


def _read(
    collection: Path,
) -> tuple[list[tuple[Document, str]], dict[str, str], dict[str, dict[str, float]]]:
    try:
        documents = list(_documents(collection))
        queries = table(collection / "queries.tsv")
        judged = judgments(collection / "qrels.tsv")
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Invalid(f"{collection} cannot be read ({reason}).") from error
    if not queries.keys() & judged.keys():
        raise Invalid(f"{collection} judges none of its queries.")
    return documents, queries, judged


def _ranked(view: View, text: str) -> list[int]:
    query = language.parse(text[: QUERY.value])
    found = match(Search(view), language.without_stop_words(query), less(query.without))
    found = ranked(view.snapshot, found, DEPTH)
    places = best(view.snapshot, found, DEPTH)
    return [int(row_id) for row_id in view.snapshot.column("id")[found.docs[places]]]


def _documents(collection: Path) -> Iterator[tuple[Document, str]]:
    with (collection / "docs.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(filter(str.strip, lines), 1):
            row = json.loads(line)
            yield Document("idea", number, row.get("title") or "", row.get("text") or ""), row["id"]


def table(path: Path) -> dict[str, str]:
    """Lines of an id and a text."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def judgments(path: Path) -> dict[str, dict[str, float]]:
    """The gain of each judged document by query."""
    judged: dict[str, dict[str, float]] = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        query, document, gain = line.split("\t")
        judged.setdefault(query, {})[document] = float(gain)
    return judged


def own_documents(queries: Mapping[str, str], names: set[str]) -> dict[str, str]:
    """For queries that are themselves documents (`q` before its id): that document."""
    return {query: query[1:] for query in queries if query[:1] == "q" and query[1:] in names}


def _figures(ranked: Sequence[str], judged: Mapping[str, float]) -> tuple[float, float, float]:
    """nDCG at 10, average precision, recall at 100 (as trec_eval defines them)."""
    relevant = {document for document, gain in judged.items() if gain > 0}
    if not relevant:
        return 0.0, 0.0, 0.0
    gains = [judged.get(document, 0.0) for document in ranked[:10]]
    ideal = sorted(judged.values(), reverse=True)[:10]
    found, precision = 0, 0.0
    for place, document in enumerate(ranked, 1):
        if document in relevant:
            found += 1
            precision += found / place
    recall = len(relevant.intersection(ranked[:100])) / len(relevant)
    return discounted(gains) / discounted(ideal), precision / len(relevant), recall


def discounted(gains: Sequence[float]) -> float:
    """The sum of gains, each worth less the later it comes."""
    return sum(max(gain, 0) / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def folder_is_collection(path: Path) -> bool:
    """Whether the three files are there."""
    return all((path / name).is_file() for name in ("docs.jsonl", "queries.tsv", "qrels.tsv"))
