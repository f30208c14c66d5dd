"""Labels are counted, and numbers found in two lists, the same in whatever way it is done."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.engine import tally
from forum.search.engine.columns import collected
from forum.search.engine.found import Found, Scratch, in_both
from forum.search.engine.lists import places_among
from forum.search.engine.opened import read
from tests.search.engine import worlds

lists = st.lists(st.sets(st.sampled_from("abcdeж"), max_size=4), min_size=1, max_size=60)


def labels(of_documents):
    """The column of some documents' labels."""
    found = collected(worlds.PLAN, [{"card": (0, sorted(own))} for own in of_documents])
    return found.labels["labels"]


@given(found=lists, data=st.data())
def test_labels_of_some_documents_are_counted(found, data) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, len(found) - 1))))
    own = labels(found).tally

    counts = own.counts(np.array(chosen, dtype=np.int64))

    expected = Counter(label for doc in chosen for label in found[doc])
    assert {v: n for v, n in zip(own.values, counts.tolist(), strict=True) if n} == expected


def various(chance: random.Random, count: int, most: int) -> list[set[str]]:
    """Sets of up to so many of 300 labels, hundreds of them different."""
    return [
        {f"label{chance.randrange(300)}" for _ in range(chance.randint(0, most))}
        for _ in range(count)
    ]


@pytest.mark.parametrize("dearer", [0, 1_000_000], ids=["beside documents", "by sets"])
@pytest.mark.parametrize("most", [1, 3, 12])
@pytest.mark.parametrize("sizes", [(), (0,), (700,), (400, 0, 300, 1)], ids=str)
def test_labels_of_several_segments_are_counted_together(monkeypatch, dearer, most, sizes) -> None:
    monkeypatch.setattr(tally, "DEARER", dearer)
    chance = random.Random(f"{most}{sizes}")  # noqa: S311
    parts = [various(chance, size, most) for size in sizes]
    found = [own for part in parts for own in part]
    joined = tally.Joined([labels(part).tally for part in parts])

    for share in (0.0, 0.01, 0.5, 1.0):
        chosen = [number for number in range(len(found)) if chance.random() < share]
        docs = np.array(chosen, dtype=np.int64)
        counts = dict(zip(joined.values, joined.counts(docs).tolist(), strict=True))
        assert Counter(counts) == Counter(label for doc in chosen for label in found[doc])
        wanted = {"label1", "label2", "nobody's"}
        assert joined.having(wanted, docs).tolist() == [bool(found[d] & wanted) for d in chosen]


def test_equal_sets_of_several_segments_are_counted_once() -> None:
    one, other = labels([{"a", "b"}, {"b"}, set()]).tally, labels([{"b", "c"}, {"b", "a"}]).tally
    several = tally.Joined([one, other])

    whole = several._whole  # noqa: SLF001

    assert whole.sets[0] == whole.sets[4]
    assert len(set(whole.sets.tolist())) == 4
    assert len(whole.owners) == 5


def test_what_lies_beside_a_large_segment_stays_when_a_small_one_comes() -> None:
    large = labels([{"a", "b"}, {"b"}]).tally

    beside = large.beside(np.array([20, 21]))

    assert large.beside(np.array([20, 21])) is beside
    assert [{n for n in own if n >= tally.NONES} for own in beside.tolist()] == [{20, 21}, {21}]
    renumbered = large.beside(np.array([30, 20]))
    assert [max(own) for own in renumbered.tolist()] == [30, 20]


def test_a_value_that_does_not_exist_is_an_error() -> None:
    sets, owners = np.array([0, 1]), np.array([0, 1])

    with pytest.raises(IndexError):
        tally.Tally(["a"], sets, owners, np.array([0, 7]))


@given(found=lists, wanted=st.sets(st.sampled_from("abcdeжx"), max_size=3))
def test_documents_have_the_labels_that_they_were_given(found, wanted) -> None:
    assert labels(found).having(wanted).tolist() == [bool(own & wanted) for own in found]


def test_labels_as_frequent_as_the_last_come_along(tmp_path) -> None:
    made = worlds.ours(tmp_path, [([], ["x"])] * 6, [([], ["x"])] * 3)
    snapshot = read(made, worlds.PLAN, {})
    everything = np.arange(snapshot.size)
    plain = snapshot.counted("labels", everything)

    assert plain == Counter(label for number in range(9) for label in worlds.card(number)[1])
    for most in range(1, 5):
        least = sorted(plain.values(), reverse=True)[:most][-1]
        expected = {label: number for label, number in plain.items() if number >= least}
        assert snapshot.counted("labels", everything, most) == expected


@given(
    few=st.sets(st.integers(0, 90), max_size=9),
    many=st.sets(st.integers(0, 90)),
    more=st.sampled_from([0, 500]),
)
def test_numbers_in_both_of_two_lists_are_found(few, many, more) -> None:
    others = np.array([*sorted(many), *range(100, 100 + more)], dtype=np.uint32)
    own = np.array(sorted(few), dtype=np.uint32)

    assert in_both(own, others).tolist() == in_both(others, own).tolist() == sorted(few & many)


@pytest.mark.parametrize("beyond", [10, 4_000_000_000])
def test_documents_that_are_not_there_are_an_error_and_are_forgotten(beyond) -> None:
    scratch = Scratch()
    one, scores = np.array([1]), np.array([0.5])
    assert scratch.summed(100, [Found(one, scores)]).docs.tolist() == [1]

    for least, best in [(1, False), (2, False), (1, True)]:
        damaged = Found(np.array([1, beyond]), np.array([3.0, 3.0]))
        with pytest.raises(IndexError):
            scratch.summed(10, [damaged, damaged], least, best=best)

    assert scratch.summed(100, [Found(one, scores)]).scores.tolist() == [0.5]
    assert scratch.summed(100, [Found(np.array([10]), scores)]).scores.tolist() == [0.5]


@pytest.mark.parametrize(("own", "docs"), [([1, 11], [1]), ([1], [1, 4_000_000_000])])
def test_numbers_of_a_damaged_list_are_an_error_and_take_no_memory(own, docs) -> None:
    with pytest.raises(IndexError):
        places_among(np.array(own, dtype=np.uint32), np.array(docs, dtype=np.int64), 10)

    assert places_among(np.array([1, 3], dtype=np.uint32), np.array([3, 5]), 10).tolist() == [1]
