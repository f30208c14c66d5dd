"""Where all say the same one answer is told otherwise; no verdict may come of that."""

from __future__ import annotations

import numpy as np
import pytest

from forum.surveys.figures.counts import Counts
from forum.surveys.figures.deniable import deniable
from forum.surveys.figures.verdicts import LEVEL, Compared, Verdict, verdicts

SIZES = [(5, 400), (400, 5), (5, 1000), (6, 60), (5, 5), (400, 400)]
ALIKE = {"all fives": [0, 0, 0, 0, 1], "all ones": [1, 0, 0, 0, 0], "all threes": [0, 0, 1, 0, 0]}
NEARLY = {
    **ALIKE,
    "99 of 100": [0, 0, 0, 0.01, 0.99],
    "98 of 100 torn": [0.02, 0, 0, 0, 0.98],
    "95 of 100": [0, 0, 0.05, 0, 0.95],
    "nine tenths": [0.9, 0.1, 0, 0, 0],
}


def told(random, n, shares):
    return deniable(Counts(tuple(map(int, random.multinomial(n, shares)))))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("shares", ALIKE.values(), ids=ALIKE)
def test_of_people_who_all_said_the_same_twice_nothing_changed(shares, sizes):
    before, after = (told(np.random.default_rng(1), n, shares) for n in sizes)

    assert verdicts([Compared(before, after)]) == [Verdict.UNCLEAR]


@pytest.mark.parametrize("sizes", [(5, 400), (400, 5), (8, 120), (5, 30)], ids=str)
def test_at_uneven_sizes_a_true_no_change_is_called_one_no_more_often(sizes):
    random, waves = np.random.default_rng(sizes), 60 * len(NEARLY)

    said = [
        verdicts([Compared(*(told(random, n, shares) for n in sizes))])[0]
        for shares in list(NEARLY.values()) * (waves // len(NEARLY))
    ]

    half = LEVEL / 2
    chance = 3 * (half * (1 - half) / waves) ** 0.5
    assert said.count(Verdict.BETTER) / waves <= half + chance
    assert said.count(Verdict.WORSE) / waves <= half + chance


@pytest.mark.parametrize("chosen", range(5))
@pytest.mark.parametrize("after", [(0, 0, 1, 5, 6), (1, 3, 4, 3, 1), (9, 0, 1, 0, 0)], ids=str)
def test_a_verdict_does_not_tell_whether_all_said_the_same(chosen, after):
    """Only figures that are told go into it, and those of both look alike."""
    alike = [0] * 5
    alike[chosen] = 12
    but_one = list(deniable(Counts(tuple(alike))).of)

    assert verdicts([Compared(deniable(Counts(tuple(alike))), Counts(after))]) == verdicts(
        [Compared(deniable(Counts(tuple(but_one))), Counts(after))]
    )


def test_what_truly_changed_for_people_who_all_said_the_same_is_still_told():
    delighted = deniable(Counts((0, 0, 0, 0, 12)))
    angry, annoyed = deniable(Counts((12, 0, 0, 0, 0))), Counts((3, 6, 3, 0, 0))

    assert verdicts([Compared(delighted, annoyed)]) == [Verdict.WORSE]
    assert verdicts([Compared(annoyed, delighted)]) == [Verdict.BETTER]
    assert verdicts([Compared(angry, delighted)]) == [Verdict.BETTER]
