"""The measuring command tells the truth, and what it measures is what people get on the page."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from forum.core.db import db
from forum.core.errors import Invalid
from forum.ideas.models import Idea
from forum.search import evaluate as evaluation
from forum.search import indexer, language
from forum.search.documents import KINDS, Document
from forum.search.engine.opened import read
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.follower import catch_up
from forum.search.ranking import FORMULA, match
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf, open_index
from forum.search.wording import repeats
from tests.imports.files import load, write

DOCUMENTS = [
    {"id": "a", "title": "Late invoices", "text": "Suppliers wait for their money."},
    {"id": "b", "title": "The gate", "text": "It is dark by the gate, and invoices get wet."},
    {"id": "c", "title": "Заявки на склад", "text": "Заявка лежит две недели."},
]
JUDGED = "q1\ta\t2\nq1\tb\t1\nq2\tc\t1\nqa\tb\t1\n"
QUERIES = "q1\tlate invoice\nq2\tзаявок\nqa\tlate invoices wait\n"


def collection(folder: Path, documents=DOCUMENTS, queries=QUERIES, judged=JUDGED) -> Path:
    """The three files of a collection."""
    lines = [json.dumps(document, ensure_ascii=False) for document in documents]
    (folder / "docs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "queries.tsv").write_text(queries, encoding="utf-8")
    (folder / "qrels.tsv").write_text(judged, encoding="utf-8")
    return folder


def printed(app, folder: Path, *options: str) -> dict[str, float]:
    """What the command says, by the name of the figure."""
    told = app.test_cli_runner().invoke(args=["search", "evaluate", str(folder), *options])
    assert told.exit_code == 0, told.output
    return {name: float(value) for name, value in map(str.split, told.output.splitlines())}


def test_perfect_answers_have_perfect_figures(app, tmp_path):
    figures = printed(app, collection(tmp_path))

    assert list(figures) == ["nDCG@10", "MAP", "R@100", "ms/query"]
    assert [figures[name] for name in ("nDCG@10", "MAP", "R@100")] == [1.0, 1.0, 1.0]


def test_a_query_that_is_a_document_does_not_find_itself_unless_it_may(app, tmp_path):
    judged = "qa\tb\t1\n"
    folder = collection(tmp_path, judged=judged)

    assert printed(app, folder)["MAP"] == 1.0
    assert printed(app, folder, "--include-self")["MAP"] == 0.5


def test_what_is_not_found_costs(app, tmp_path):
    folder = collection(tmp_path, judged="q1\tc\t1\nq2\tc\t1\n")

    figures = printed(app, folder)

    assert [figures[name] for name in ("nDCG@10", "MAP", "R@100")] == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("docs.jsonl", "{"),
        ("docs.jsonl", '{"title": "x"}'),
        ("qrels.tsv", "q1 a 1"),
        ("qrels.tsv", ""),
    ],
)
def test_files_that_cannot_be_read_are_named(tmp_path, name, content):
    folder = collection(tmp_path)
    (folder / name).write_text(content, encoding="utf-8")

    with pytest.raises(Invalid, match=tmp_path.name):
        evaluation.evaluate(folder)


def test_evaluate_prints_its_figures(app, tmp_path):
    (tmp_path / "docs.jsonl").write_text(
        '{"id": "a", "title": "Invoices", "text": "late invoices"}\n'
        '{"id": "b", "title": "", "text": "велосипеды и парковка"}\n'
    )
    (tmp_path / "queries.tsv").write_text("1\tinvoice\n2\tвелосипед\n")
    (tmp_path / "qrels.tsv").write_text("1\ta\t1\n2\tb\t1\n")

    lines = app.test_cli_runner().invoke(args=["search", "evaluate", str(tmp_path)]).output

    assert lines.splitlines()[:3] == ["nDCG@10 1.0000", "MAP 1.0000", "R@100 1.0000"]
    assert lines.splitlines()[3].startswith("ms/query ")


def test_judgments_of_other_queries_are_refused_in_a_sentence(app, tmp_path):
    (tmp_path / "docs.jsonl").write_text('{"id": "a", "title": "Invoices", "text": "late"}\n')
    (tmp_path / "queries.tsv").write_text("1\tinvoice\n")
    (tmp_path / "qrels.tsv").write_text("7\ta\t1\n")

    answer = app.test_cli_runner().invoke(args=["search", "evaluate", str(tmp_path)])

    assert answer.exit_code != 0
    assert "judges none of its queries" in str(answer.exception)


def test_a_folder_that_is_no_collection_is_told_what_it_lacks(app, tmp_path):
    (tmp_path / "docs.jsonl").write_text("")

    answer = app.test_cli_runner().invoke(args=["search", "evaluate", str(tmp_path)])

    assert answer.exit_code != 0
    assert "needs docs.jsonl, queries.tsv and qrels.tsv" in str(answer.exception)


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("Invoices are late", "Invoices  are late. Nobody knows why.", True),
        ("Invoices are…", "Invoices are late", True),
        ("Invoice", "Invoices are late", False),
        ("Late invoices", "Invoices are late", False),
        ("", "Invoices are late", False),
        ("Invoices are late", "", False),
    ],
)
def test_a_title_that_nobody_wrote_is_known(title, body, expected):
    assert repeats(title, body) is expected


def test_a_title_without_a_text_counts_as_the_text(tmp_path):
    texts = [("", "The gate is dark, the gate is cold"), ("The gate is dark, the gate is cold", "")]
    others = [("", f"Lamp {number} burns day and night") for number in range(30)]
    build = Shelf(tmp_path / "index").new_build()
    listed = (Document("idea", n, *text) for n, text in enumerate([*texts, *others], 1))
    indexer.fill(build, Position("titles", 0), listed)
    view = View(read(open_index(build), PLAN, {}), FORMULA)

    query = language.parse("dark gates")
    found = match(Search(view), language.without_stop_words(query))

    assert len(found.docs) == 2
    assert found.scores[0] == pytest.approx(found.scores[1])


def test_a_department_without_a_description_is_first_for_its_name(tmp_path):
    idea = ("Finance and the gate", "Finance asks for the order number, and finance pays late.")
    listed = [Document("department", 1, "Finance FIN"), Document("idea", 1, *idea)]
    listed += [Document("idea", n, "", f"Lamp {n} burns day and night") for n in range(2, 40)]
    build = Shelf(tmp_path / "index").new_build()
    indexer.fill(build, Position("titles", 0), iter(listed))
    view = View(read(open_index(build), PLAN, {}), FORMULA)

    found = match(Search(view), language.without_stop_words(language.parse("finance")))

    kinds = view.snapshot.column("kind")[found.docs]
    assert KINDS[kinds[found.scores.argmax()]] == "department"


class Set(NamedTuple):
    """Documents and queries of a collection."""

    documents: list[dict[str, str]]
    queries: list[str]


def some_of(data: Path, name: str) -> Set:
    """A part of a real collection, or a generated stand-in for it."""
    folder, chance = data / "ir" / name, random.Random(3)  # noqa: S311
    if not folder.is_dir():
        words = "заявка склад счёт отдел late invoice gate lamp order supplier"
        texts = [" ".join(chance.choices(words.split(), k=12)) for _ in range(200)]
        found = [{"id": str(n), "title": t[:30], "text": t} for n, t in enumerate(texts)]
        return Set(found, [" ".join(chance.sample(words.split(), 3)) for _ in range(40)])
    with (folder / "docs.jsonl").open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines][:160]
    asked = (folder / "queries.tsv").read_text(encoding="utf-8").split("\n")
    texts = [line.split("\t", 1)[1] for line in asked if "\t" in line]
    return Set(documents, chance.sample(texts, 40))


def imported(document: dict[str, str]) -> dict[str, str]:
    """A line to import; where there is no title, the text is one, which is cut where it is long."""
    title, text = document.get("title") or "", document["text"]
    filled = {"title": title, "body": text} if title else {"title": text, "body": ""}
    return {"id": document["id"], "format": "text", **filled}


@pytest.mark.parametrize(
    "name", ["similar-meta-bicycles-se", "xquad-ru", "office-dup", "paraphraser-ru"]
)
def test_the_page_finds_what_the_command_measures(app, sign_in, tmp_path, data, name):
    chosen = some_of(data, name)
    lines = [imported(one) for one in chosen.documents]
    load(app, write(tmp_path, *lines))
    catch_up(app)
    browser = sign_in()
    with app.app_context():
        sources = {str(i): source for i, source in db.session.query(Idea.id, Idea.source_id)}

    same = 0
    with tempfile.TemporaryDirectory() as scratch:
        view = scratch_index(Path(scratch), chosen)
        for text in chosen.queries:
            places = evaluation._ranked(view, text)[:10]
            wanted = {chosen.documents[place - 1]["id"] for place in places}
            found = browser.json("/search", query_string={"q": text, "limit": "100"})
            ideas = [hit for hit in found["hits"] if hit["kind"] == "idea"]
            same += {sources[hit["id"]] for hit in ideas[:10]} == wanted

    assert same >= 0.95 * len(chosen.queries)


def scratch_index(folder: Path, chosen: Set) -> View:
    """The documents as the measuring command indexes them."""
    build = Shelf(folder / "index").new_build()
    documents = (
        Document("idea", number, one.get("title") or "", one["text"])
        for number, one in enumerate(chosen.documents, 1)
    )
    indexer.fill(build, Position("parity", 0), documents)
    return View(read(open_index(build), PLAN, {}), FORMULA)
