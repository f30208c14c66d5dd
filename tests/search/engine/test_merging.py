"""Segments are joined without a trace in what is found, and stay few."""

from __future__ import annotations

import random

import pytest
from whoosh import query as stock_queries

from forum.search.engine.inverted import PARTS
from forum.search.engine.opened import read
from tests.search.engine import worlds
from tests.search.engine.test_writing import documents, told


def test_joined_segments_are_as_if_written_in_one_go(tmp_path) -> None:
    for name in ("joined", "at-once"):
        (tmp_path / name).mkdir()
    found = documents(60)
    made = worlds.ours(tmp_path / "joined", found[:20], found[20:50], found[50:])
    worlds.optimize(made)

    again = worlds.ours(tmp_path / "at-once", found)

    assert told(made) == told(again)
    (one,), (other,) = (read(index, worlds.PLAN, {}).segments for index in (made, again))
    for name in ("title", "body", "key"):
        for part in PARTS:
            got, wanted = (getattr(s.fields[name]._inverted, part) for s in (one, other))
            assert got.tolist() == wanted.tolist(), (name, part)


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_deleted_does_not_come_back(tmp_path, lost) -> None:
    made = worlds.ours(tmp_path, documents(30), documents(30, seed=2))
    worlds.add(made, [], gone=[0, 7, 35, 59])
    if lost:
        for path in tmp_path.glob("*.arrays"):
            path.unlink()

    worlds.optimize(made)

    with made.reader() as reader:
        keys = {stored["key"] for stored in reader.all_stored_fields()}
        assert len(keys) == reader.doc_count_all() == 56
    with made.searcher() as searcher:
        assert not len(searcher.search(stock_queries.Term("key", "k7")))


def test_many_small_commits_leave_few_segments(tmp_path) -> None:
    made = worlds.ours(tmp_path)
    random_ = random.Random(3)  # noqa: S311
    total, most = 0, 0

    for _round in range(150):
        count = random_.choice((1, 1, 1, 5))
        worlds.add(made, documents(count, seed=total), total, merge=True)
        total += count
        most = max(most, len(made._read_toc().segments))

    assert made.doc_count() == total
    assert most <= 8
