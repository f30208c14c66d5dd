"""A large index is built by several processes, and is as if one had built it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.ideas.models import Idea
from forum.search import building, indexer, resuming, schema
from forum.search.building import Parts
from forum.search.documents import Document
from forum.search.engine.opened import read
from forum.search.engine.queries import Term
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.follower import shelf_of
from forum.search.open_index import open_index_of
from forum.search.ranking import FORMULA
from forum.search.schema import PLAN
from forum.search.shelf import Shelf, open_index
from tests.search.test_finding import found
from tests.search.test_following import differing
from tests.support import make


def documents(count: int) -> Iterator[Document]:
    """Some documents in both languages."""
    for number in range(1, count + 1):
        body = f"Заявка {number % 7} на склад, invoice number {number % 11} is late"
        lang = "ru" if number % 2 else "en"
        yield Document("idea", number, f"Очередь {number % 3}", body, lang=lang, at=number)


def scores(build: Path, term: str) -> dict[int, float]:
    """The score of every document with a term, by its own number."""
    snapshot = read(open_index(build), PLAN, {})
    found = Search(View(snapshot, FORMULA)).find(Term("text", term))
    numbers = snapshot.column("id")[found.docs].tolist()
    return dict(zip(numbers, found.scores.tolist(), strict=True))


def nothing(_count: int, _last: Document, _parts: Parts) -> None:
    """Nobody goes on with it."""


def built(folder: Path, count: int) -> tuple[Path, list[int]]:
    """A build of so many documents, and what was told on the way."""
    build, told = Shelf(folder).new_build(), []
    assert building.fill(build, documents(count), told.append, nothing, 0) == count
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


def test_what_is_left_over_of_each_process_becomes_one_segment(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(building, "FEW", 100)
    monkeypatch.setattr(building, "LARGE", 150)
    monkeypatch.setattr(building, "LEAD", 0)
    monkeypatch.setattr(building, "EACH", 100)
    monkeypatch.setattr(building, "AT_ONCE", 40_000)
    monkeypatch.setattr(building.os, "cpu_count", lambda: 2)

    build, _told = built(tmp_path, 700)

    sizes = sorted(segment.size for segment in read(open_index(build), PLAN, {}).segments)
    assert sum(sizes) == 700
    assert [size for size in sizes if size < 150] == sizes[:1]
    assert len(scores(build, "склад")) == 700


def test_words_that_would_fill_the_memory_become_segments(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(building, "AT_ONCE", 50_000)

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
        building.fill(build, broken(), lambda _count: None, nothing, 0)

    assert not list(build.glob("part*"))


class Ended(BaseException):
    """As when the process is ended, which no handler of errors sees."""


@pytest.fixture
def forty(app, monkeypatch):
    """A forum with forty ideas, of which a build commits ten at a time."""
    author = make.person(app)
    for number in range(40):
        make.idea(app, author, title=f"Lamp number{number}")
    monkeypatch.setattr(building, "FEW", 5)
    monkeypatch.setattr(building.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(building, "LEAD", 0)
    monkeypatch.setattr(building, "EACH", 1_000)
    monkeypatch.setattr(building, "AT_ONCE", 5_000)
    return shelf_of(app)


def rebuilt(app, target, progress) -> int:
    """Rebuild, telling `progress` the number of each document."""
    with app.app_context():
        return indexer.rebuild(target, progress)


def ending_at(number: int):
    """A watcher that ends the process at so many documents."""

    def watch(count: int) -> None:
        if count == number:
            raise Ended

    return watch


def test_a_rebuild_that_was_ended_is_gone_on_with(app, sign_in, forty):
    with pytest.raises(Ended):
        rebuilt(app, forty, ending_at(27))
    told: list[int] = []

    total = rebuilt(app, forty, told.append)

    assert told[0] == 11, "ten were on the disk for certain"
    assert told[-1] == total
    open_index_of(app).look_again()
    assert len(found(sign_in(), "lamp")) == 20
    assert sign_in().json("/search?q=lamp")["total"] == 40
    assert differing(app) == []
    assert not list(forty.folder.glob("*/part*")) + list(forty.folder.glob(f"*/{resuming.NAME}"))


def test_a_rebuild_goes_on_rightly_whatever_order_the_database_has(app, sign_in, forty):
    with app.app_context(), transaction():
        for idea in db.session.scalars(select(Idea).order_by(Idea.id.desc())):
            idea.excerpt += "."
            db.session.flush()  # PostgreSQL writes each row anew behind the others
    with pytest.raises(Ended):
        rebuilt(app, forty, ending_at(27))

    rebuilt(app, forty, lambda _count: None)

    open_index_of(app).look_again()
    assert sign_in().json("/search?q=lamp")["total"] == 40
    assert differing(app) == []


def test_what_was_written_after_the_last_note_is_not_there_twice(app, sign_in, forty, monkeypatch):
    note = resuming.note

    def ended_before(build, start, count, *more):
        if count == 30:
            raise Ended
        note(build, start, count, *more)

    monkeypatch.setattr(resuming, "note", ended_before)
    with pytest.raises(Ended):
        rebuilt(app, forty, lambda _count: None)
    monkeypatch.setattr(resuming, "note", note)
    make.idea(app, title="Lamp of another day")

    rebuilt(app, forty, lambda _count: None)

    open_index_of(app).look_again()
    assert sign_in().json("/search?q=lamp")["total"] == 41
    assert differing(app) == []


def test_fewer_or_more_processes_may_go_on_with_a_build(app, sign_in, forty, monkeypatch):
    for cores, end in ((2, 27), (1, 27), (2, 37), (2, None)):
        monkeypatch.setattr(building.os, "cpu_count", lambda cores=cores: cores)
        if end is None:
            rebuilt(app, forty, lambda _count: None)
        else:
            with pytest.raises(Ended):
                rebuilt(app, forty, ending_at(end))

    open_index_of(app).look_again()
    assert sign_in().json("/search?q=lamp")["total"] == 40
    assert differing(app) == []


def test_a_build_that_was_ended_while_its_parts_were_put_away_is_gone_on_with(
    app, sign_in, forty, monkeypatch
):
    def ended(_build: Path) -> None:
        raise Ended

    monkeypatch.setattr(building, "remove_parts", ended)
    with pytest.raises(Ended):
        rebuilt(app, forty, lambda _count: None)
    monkeypatch.undo()

    rebuilt(app, forty, lambda _count: None)

    open_index_of(app).look_again()
    assert sign_in().json("/search?q=lamp")["total"] == 40
    assert differing(app) == []


@pytest.mark.parametrize("harm", ["garbled", "another schema", "no parts"])
def test_what_cannot_be_gone_on_with_is_begun_anew(app, sign_in, forty, harm):
    with pytest.raises(Ended):
        rebuilt(app, forty, ending_at(27))
    (path,) = forty.folder.glob(f"*/{resuming.NAME}")
    if harm == "garbled":
        path.write_text("{")
    elif harm == "another schema":
        path.write_text(path.read_text().replace(f'"schema": "{schema.VERSION}"', '"schema": "1"'))
    else:
        building.remove_parts(path.parent)
    told: list[int] = []

    rebuilt(app, forty, told.append)

    assert told[0] == 1
    open_index_of(app).look_again()
    assert sign_in().json("/search?q=lamp")["total"] == 40


def test_each_process_has_its_language_and_no_process_is_idle():
    def batch(lang: str, length: int) -> list[Document]:
        return [Document("idea", 1, "", "x" * length, lang=lang)] * 200

    two = building._Shares(2)
    both = [(lang, two.whose(batch(lang, 500))) for _time in range(40) for lang in ("ru", "en")]
    assert set(both) == {("ru", 0), ("en", 1)}

    uneven = building._Shares(2)
    lengths = [0, 0]
    for _time in range(200):
        for lang, length in (("ru", 100), ("en", 1_000)):
            lengths[uneven.whose(batch(lang, length))] += 200 * (length + building.EACH)
    assert abs(lengths[0] - lengths[1]) <= 2 * building.LEAD
