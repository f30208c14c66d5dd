"""On simulated waves figures keep what they claim: few answers, skewed, with many equal ones."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import binom

from forum.surveys.figures.counts import Counts
from forum.surveys.figures.deniable import deniable
from forum.surveys.figures.verdicts import LEVEL, Compared, Verdict, together, verdicts

COMPANIES = {
    "even": [0.2, 0.2, 0.2, 0.2, 0.2],
    "content": [0.02, 0.03, 0.05, 0.3, 0.6],
    "delighted": [0.01, 0.01, 0.03, 0.1, 0.85],
    "all but one": [0, 0, 0.02, 0.05, 0.93],
    "torn": [0.45, 0.05, 0, 0.05, 0.45],
    "lukewarm": [0.05, 0.2, 0.5, 0.2, 0.05],
    "angry": [0.7, 0.2, 0.06, 0.03, 0.01],
}


def answered(random, n, shares):
    return deniable(Counts(tuple(map(int, random.multinomial(n, shares)))))


@pytest.mark.parametrize("shares", COMPANIES.values(), ids=COMPANIES)
@pytest.mark.parametrize("n", [5, 7, 12, 30, 150])
def test_the_interval_of_a_mean_covers_the_truth_as_often_as_it_claims(n, shares):
    random, waves = np.random.default_rng(n), 3000
    truth = sum(value * share for value, share in zip(range(1, 6), shares, strict=True))

    inside = 0
    for _wave in range(waves):
        low, high = answered(random, n, shares).interval
        inside += low - 1e-9 <= truth <= high + 1e-9

    chance = 3 * (0.95 * 0.05 / waves) ** 0.5
    assert inside / waves >= 0.95 - chance


@pytest.mark.parametrize("n", [5, 8, 12, 20, 30, 50, 70, 150])
def test_where_only_two_values_are_chosen_it_covers_nearly_as_often(n):
    """All that can be answered, weighed; such lopsided shapes are the hardest."""
    rare = [0.01, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.4, 0.5]
    covered = {}
    for usual, other in permutations(range(5), 2):
        ranges = []
        for times in range(n + 1):
            of = [0] * 5
            of[usual], of[other] = n - times, times
            ranges.append(deniable(Counts(tuple(of))).interval)
        for share in rare:
            truth = 1 + usual + share * (other - usual)
            inside = [low - 1e-9 <= truth <= high + 1e-9 for low, high in ranges]
            weights = binom.pmf(range(n + 1), n, share)
            covered[usual + 1, other + 1, share] = float(weights @ inside)

    assert min(covered.values()) > 0.935, min(covered, key=covered.get)


@pytest.mark.parametrize(
    ("before", "after"), [(5, 5), (6, 9), (12, 12), (10, 60)], ids=lambda n: str(n)
)
def test_a_true_no_change_is_called_better_no_more_often_than_the_rule_says(before, after):
    random, waves = np.random.default_rng(before), 420
    said = [
        together(
            verdicts([Compared(answered(random, before, shares), answered(random, after, shares))])
        )
        for shares in list(COMPANIES.values()) * (waves // len(COMPANIES))
    ]

    half = LEVEL / 2
    chance = 3 * (half * (1 - half) / waves) ** 0.5
    assert said.count(Verdict.BETTER) / waves <= half + chance
    assert said.count(Verdict.WORSE) / waves <= half + chance


def test_several_figures_together_are_called_better_no_more_often():
    random, waves = np.random.default_rng(11), 100
    better = 0
    for _wave in range(waves):
        cells = [
            Compared(*(answered(random, 12, shares) for _side in range(2)))
            for shares in COMPANIES.values()
        ]
        better += Verdict.BETTER in verdicts(cells)

    assert better / waves <= LEVEL + 3 * (LEVEL * (1 - LEVEL) / waves) ** 0.5


def test_what_truly_got_better_is_mostly_said_to_be():
    random = np.random.default_rng(3)
    worse, better = [0.3, 0.3, 0.2, 0.15, 0.05], [0.05, 0.1, 0.2, 0.35, 0.3]

    said = [
        verdicts([Compared(answered(random, 25, worse), answered(random, 25, better))])[0]
        for _wave in range(60)
    ]

    assert said.count(Verdict.BETTER) > 50
    assert Verdict.WORSE not in said
