"""Our formulas give what scipy gives."""

import numpy as np
import pytest
from scipy import special, stats

from forum.standards.kept.rates import wilson
from forum.surveys.figures.counts import Counts
from forum.surveys.figures.student import beta_share, t_within
from forum.surveys.figures.verdicts import DRAWS, chances_of


@pytest.mark.parametrize("a", [0.5, 1, 2.5, 40, 900])
@pytest.mark.parametrize("b", [0.5, 1, 7, 200])
@pytest.mark.parametrize("x", [0, 1e-6, 0.03, 0.5, 0.97, 1])
def test_the_incomplete_beta_function_is_that_of_scipy(a, b, x):
    assert beta_share(a, b, x) == pytest.approx(special.betainc(a, b, x), abs=1e-11)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 29, 100, 5000])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.95, 0.99])
def test_the_quantiles_of_t_are_those_of_scipy(freedom, share):
    assert t_within(freedom, share) == pytest.approx(stats.t.ppf((1 + share) / 2, freedom))


@pytest.mark.parametrize(("kept", "of"), [(0, 5), (1, 5), (5, 5), (17, 40), (999, 1000)])
def test_the_interval_of_a_share_is_that_of_scipy(kept, of):
    known = stats.binomtest(kept, of).proportion_ci(method="wilson")

    assert wilson(kept, of) == pytest.approx((known.low, known.high))


def test_the_interval_of_a_mean_is_that_of_t_after_three_answers_more():
    halves = [*[1] * 3, *[2] * 2, *[3] * 2, *[4] * 4, *[5] * 4, *[5] * 3]
    known = stats.t.interval(0.95, 5, loc=np.mean(halves), scale=np.std(halves) / 10**0.5)

    interval = Counts((0, 1, 1, 2, 2)).interval

    assert interval == pytest.approx((max(known[0], 1), min(known[1], 5)))


def test_answers_that_hang_together_have_the_range_of_as_few_as_they_are_worth():
    assert Counts((0, 4, 4, 8, 8), worth=6).interval == Counts((0, 1, 1, 2, 2)).interval
    ten = Counts((2, *[0] * 8, 3, 0), 0).recommend_interval
    assert Counts((6, *[0] * 8, 9, 0), 0, worth=5).recommend_interval == pytest.approx(ten)


def spelled(counts):
    return [float(value) for value, count in counts.pairs() for _each in range(count)]


@pytest.mark.filterwarnings("ignore:Precision loss")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Counts((1, 2, 2, 1, 0)), Counts((0, 0, 1, 3, 2))),
        (Counts((0, 0, 1, 4, 1)), Counts((0, 0, 2, 3, 1))),
        (Counts((0, 0, 0, 1, 5)), Counts((3, 1, 1, 0, 0))),
    ],
)
def test_the_chances_are_those_of_all_permutations(before, after):
    def welch(x, y):
        return stats.ttest_ind(x, y, equal_var=False).statistic

    def exact(side):
        return stats.permutation_test(
            (spelled(after), spelled(before)), welch, alternative=side, n_resamples=100_000
        ).pvalue

    up, down = chances_of(before, after)

    tolerance = 4 * (0.25 / DRAWS) ** 0.5
    assert up == pytest.approx(exact("greater"), abs=tolerance)
    assert down == pytest.approx(exact("less"), abs=tolerance)
