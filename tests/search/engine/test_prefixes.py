"""A beginning stands for so many terms and no more, and what is hidden is not among them."""

from __future__ import annotations

import numpy as np
import pytest

from forum.search.engine.opened import read
from forum.search.engine.queries import Prefix
from forum.search.engine.scoring import BM25
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from tests.search.engine import worlds

DOCUMENTS = [([], [word]) for word in ("aa", "ab", "ac", "ad", "ae", "ab", "bb", "ad")]


def answers(made, query, *, hidden=()):
    """The words of the documents in view that fit, with their scores."""
    snapshot = read(made, worlds.PLAN, {})
    masks, seen = [], 0
    for segment in snapshot.segments:
        masks.append(np.array([seen + doc not in hidden for doc in range(segment.size)]))
        seen += segment.size
    found = Search(View(snapshot, BM25(), masks)).find(query)
    words = [DOCUMENTS[doc][1][0] for doc in found.docs.tolist()]
    return sorted(zip(words, found.scores.round(9).tolist(), strict=True))


@pytest.mark.parametrize("cut", [0, 3, 8])
def test_the_first_terms_count_whatever_the_segments(tmp_path, cut) -> None:
    made = worlds.ours(tmp_path, DOCUMENTS[:cut], DOCUMENTS[cut:])

    found = [word for word, _score in answers(made, Prefix("body", "a", most=3))]

    assert found == ["aa", "ab", "ab", "ac"]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 9])
def test_hidden_terms_are_not_counted(tmp_path, most) -> None:
    hidden = {0, 2, 5}
    shown = [one for number, one in enumerate(DOCUMENTS) if number not in hidden]
    folders = [tmp_path / "all", tmp_path / "some"]
    for folder in folders:
        folder.mkdir()
    made = worlds.ours(folders[0], DOCUMENTS[:4], DOCUMENTS[4:])
    without = worlds.ours(folders[1], shown)
    query = Prefix("body", "a", most=most)

    found = answers(made, query, hidden=hidden)

    snapshot = read(without, worlds.PLAN, {})
    others = Search(View(snapshot, BM25())).find(query)
    words = [shown[doc][1][0] for doc in others.docs.tolist()]
    assert found == sorted(zip(words, others.scores.round(9).tolist(), strict=True))
