"""A large index is built by several processes, and is as if one had built it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.search import building
from forum.search.documents import Document
from forum.search.engine.opened import read
from forum.search.engine.queries import Term
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.ranking import FORMULA
from forum.search.schema import PLAN
from forum.search.shelf import Shelf, open_index


def documents(count: int) -> Iterator[Document]:
    """Some documents in both languages."""
    for number in range(1, count + 1):
        body = f"Заявка {number % 7} на склад, invoice number {number % 11} is late"
        yield Document("idea", number, f"Очередь {number % 3}", body, lang="ru", at=number)


def scores(build: Path, term: str) -> dict[int, float]:
    """The score of every document with a term, by its own number."""
    snapshot = read(open_index(build), PLAN, {})
    found = Search(View(snapshot, FORMULA)).find(Term("text", term))
    numbers = snapshot.column("id")[found.docs].tolist()
    return dict(zip(numbers, found.scores.tolist(), strict=True))


def built(folder: Path, count: int) -> tuple[Path, list[int]]:
    """A build of so many documents, and what was told on the way."""
    build, told = Shelf(folder).new_build(), []
    assert building.fill(build, documents(count), told.append) == count
    return build, told


def test_several_processes_build_what_one_builds(tmp_path, monkeypatch) -> None:
    alone, _told = built(tmp_path / "alone", 700)
    monkeypatch.setattr(building, "FEW", 100)
    monkeypatch.setattr(building.os, "cpu_count", lambda: 2)

    together, told = built(tmp_path / "together", 700)

    for term in ("заявка", "invoic", "очередь"):
        expected = scores(alone, term)
        assert len(expected) == 700
        assert scores(together, term) == pytest.approx(expected, rel=1e-9)
    assert told == list(range(1, 701))
    assert not list(together.glob("part*"))


def test_words_that_would_fill_the_memory_become_segments(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(building, "WORDS_AT_ONCE", 1_000)

    build, _told = built(tmp_path, 700)

    assert len(list(build.glob("*.arrays"))) > 3
    assert len(scores(build, "склад")) == 700


def test_a_build_that_fails_leaves_no_processes_and_no_parts(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(building, "FEW", 10)
    monkeypatch.setattr(building.os, "cpu_count", lambda: 2)
    build = Shelf(tmp_path).new_build()

    def broken() -> Iterator[Document]:
        yield from documents(30)
        raise OSError("the database has gone")

    with pytest.raises(OSError, match="has gone"):
        building.fill(build, broken(), lambda _count: None)

    assert not list(build.glob("part*"))
