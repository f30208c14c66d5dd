"""What the engine writes is what Whoosh would have written."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from whoosh import index

from forum.search.engine import inverted, stock
from forum.search.engine.inverted import PARTS, Inverted
from forum.search.engine.opened import read
from tests.search.engine import worlds


def documents(count: int, seed: int = 1) -> list[worlds.Document]:
    """Random ones: some empty, some long, words as unevenly spread as in a language."""
    random_ = random.Random(seed)  # noqa: S311

    def words(length: int) -> list[str]:
        return [f"w{int(random_.expovariate(0.05))}" for _ in range(length)]

    found = [
        (words(random_.choice((0, 1, 3))), words(random_.choice((0, 2, 30, 300))))
        for _ in range(count)
    ]
    return [*found[:-1], (["once"], ["alone", *["often"] * 300])]


def told(made: Any) -> dict[str, Any]:
    """Everything that Whoosh's reader tells of an index."""
    with made.reader() as reader:
        return {
            "terms": {
                (field, text): (_postings(reader, field, text), _figures(reader, field, text))
                for field, text in reader.all_terms()
            },
            "stored": list(reader.all_stored_fields()),
            "lengths": [
                [reader.doc_field_length(doc, field) for doc in range(reader.doc_count_all())]
                for field in ("title", "body")
            ],
            "totals": [reader.field_length(field) for field in ("title", "body")],
        }


def _postings(reader: Any, field: str, text: bytes) -> list[Any]:
    matcher, found = reader.postings(field, text), []
    value = {"body": "positions", "title": "frequency"}.get(field)
    while matcher.is_active():
        told = matcher.value_as(value) if value else None
        found.append((matcher.id(), matcher.weight(), told))
        matcher.next()
    return found


def _figures(reader: Any, field: str, text: bytes) -> tuple[Any, ...]:
    info = reader.term_info(field, text)
    lengths = (info.min_length(), info.max_length())
    ids = (info.min_id(), info.max_id())
    return (info.weight(), info.doc_frequency(), *lengths, info.max_weight(), *ids)


@pytest.mark.parametrize("count", [1, 3, 700])
def test_whoosh_reads_from_it_what_it_would_have_written_itself(tmp_path, count) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    found = documents(count)

    ours = worlds.ours(tmp_path / "ours", found)
    theirs = worlds.theirs(tmp_path / "theirs", found)

    assert told(ours) == told(theirs)
    assert index.open_dir(str(tmp_path / "ours")).doc_count() == count


def test_lost_arrays_can_be_had_again_from_whooshs_files(tmp_path) -> None:
    made = worlds.ours(tmp_path, documents(300))
    (path,) = tmp_path.glob("*.arrays")
    whole = read(made, worlds.PLAN, {}).segments[0]
    path.unlink()

    found = read(made, worlds.PLAN, {}).segments[0]

    for name in ("title", "body", "key"):
        assert_same(stock.inverted_of(found.fields[name]), whole.fields[name]._inverted)
    assert found.columns.numbers["number"].tolist() == whole.columns.numbers["number"].tolist()
    again, before = found.columns.labels["labels"], whole.columns.labels["labels"]
    assert again.words == before.words
    assert again.having(["a"]).tolist() == before.having(["a"]).tolist()


def assert_same(one: Inverted, other: Inverted) -> None:
    """Equal in every part."""
    for part in PARTS:
        assert getattr(one, part).tolist() == getattr(other, part).tolist(), part
    assert one.total == other.total


@pytest.mark.parametrize("largest_table", [0, 1 << 20])
def test_postings_know_their_weight_and_the_length_of_their_document(
    monkeypatch, largest_table
) -> None:
    monkeypatch.setattr(inverted, "LARGEST_TABLE", largest_table)
    lengths = np.array([3, 0, 250, 7], dtype=np.uint8)
    written = [(0, 0, 1.0), (1, 0, 3.0), (0, 2, 1.0), (0, 2, 3.0), (1, 3, 1.0), (0, 3, 0.5)]
    terms, docs, weights = map(np.array, zip(*written, strict=True))
    words = inverted.Words(
        terms.astype(np.uint32), docs.astype(np.uint32), weights.astype(np.float32), None
    )

    found = inverted.invert([b"a", b"b"], words, lengths, 260)

    assert found.docs.tolist() == [0, 2, 3, 0, 3]
    assert found.weights[found.codes].tolist() == [1.0, 4.0, 0.5, 3.0, 1.0]
    assert found.sizes[found.codes].tolist() == [3, 250, 7, 3, 7]
    assert len(found.weights) == 5
