"""A share before and after: Fisher's exact test, which keeps its level whatever the truth is."""

import numpy as np
import pytest
from scipy import stats

from forum.surveys.figures.counts import LIKELY, Counts
from forum.surveys.figures.verdicts import LEVEL, Compared, Verdict, chances_of, verdicts
from forum.surveys.results.atoms import deniable

HALF = LEVEL / 2


def would(some, of):
    """So many of these would recommend, the others would not."""
    return Counts((of - some, *[0] * 8, 0, some), lowest=0)


@pytest.mark.parametrize(
    ("before", "after"),
    [((8, 20), (0, 20)), ((0, 5), (5, 5)), ((3, 9), (7, 11)), ((0, 6), (0, 8)), ((7, 7), (9, 9))],
)
def test_the_chances_are_those_of_scipy(before, after):
    table = [[after[0], after[1] - after[0]], [before[0], before[1] - before[0]]]

    up, down = chances_of(would(*before), would(*after))

    assert up == pytest.approx(stats.fisher_exact(table, "greater").pvalue)
    assert down == pytest.approx(stats.fisher_exact(table, "less").pvalue)


def test_they_are_those_of_scipy_for_thousands_of_answers_too():
    known = stats.fisher_exact([[2150, 1850], [1950, 2050]], "greater").pvalue

    assert chances_of(would(1950, 4000), would(2150, 4000))[0] == pytest.approx(known, rel=1e-6)


def test_only_who_would_recommend_counts_and_not_how_far_from_it_others_are():
    torn, lukewarm = would(8, 20), Counts((*[0] * 8, 20, 0, 0), lowest=0)

    assert torn.mean < lukewarm.mean
    assert verdicts([Compared(torn, lukewarm)]) == [Verdict.WORSE]
    assert verdicts([Compared(lukewarm, torn)]) == [Verdict.BETTER]
    assert torn.figure == 0.4
    assert torn.within == torn.recommend_interval


@pytest.mark.parametrize(("before", "after"), [(5, 5), (5, 8), (7, 30), (12, 12), (40, 15)])
def test_a_true_no_change_is_called_better_no_more_often_whatever_the_share(before, after):
    """Not simulated: every outcome there is, with its chance, for shares from one end to the
    other."""
    said = {
        (one, other): verdicts([Compared(would(one, before), would(other, after))])[0]
        for one in range(before + 1)
        for other in range(after + 1)
    }
    for share in (0.001, 0.01, 0.05, *np.linspace(0.1, 0.9, 17), 0.95, 0.99, 0.999):
        first = stats.binom.pmf(range(before + 1), before, share)
        second = stats.binom.pmf(range(after + 1), after, share)
        for verdict in (Verdict.BETTER, Verdict.WORSE):
            often = sum(first[a] * second[b] for (a, b), word in said.items() if word == verdict)
            assert often <= HALF


SKEWED = {
    "nobody would": [0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.09, 0.01, 0],
    "all but a few would": [0.03, 0, 0, 0, 0, 0, 0, 0.02, 0.05, 0.3, 0.6],
    "all say nine": [0, 0, 0, 0, 0, 0, 0, 0, 0.02, 0.96, 0.02],
    "torn": [0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5],
    "even": [1 / 11] * 11,
}


@pytest.mark.parametrize("shares", SKEWED.values(), ids=SKEWED)
@pytest.mark.parametrize(("before", "after"), [(5, 5), (6, 20), (25, 9)], ids=str)
def test_as_figures_are_told_the_level_is_kept_too(before, after, shares):
    random, rounds = np.random.default_rng(before), 1500

    def told(n):
        return deniable(Counts(tuple(map(int, random.multinomial(n, shares))), LIKELY[0]))

    said = [verdicts([Compared(told(before), told(after))])[0] for _round in range(rounds)]

    chance = 3 * (HALF * (1 - HALF) / rounds) ** 0.5
    assert said.count(Verdict.BETTER) / rounds <= HALF + chance
    assert said.count(Verdict.WORSE) / rounds <= HALF + chance


def test_of_five_and_five_nobody_and_then_four_is_told_and_three_is_not():
    assert verdicts([Compared(would(0, 5), would(4, 5))]) == [Verdict.BETTER]
    assert verdicts([Compared(would(0, 5), would(3, 5))]) == [Verdict.UNCLEAR]


def test_what_truly_rose_is_mostly_said_to_have():
    random = np.random.default_rng(4)

    said = [
        verdicts(
            [Compared(would(random.binomial(40, 0.3), 40), would(random.binomial(40, 0.7), 40))]
        )
        for _round in range(60)
    ]

    assert said.count([Verdict.BETTER]) > 50
    assert [Verdict.WORSE] not in said
