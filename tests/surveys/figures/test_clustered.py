"""Where one person answers about several services, ranges of their sum still cover the truth."""

from __future__ import annotations

from math import erf

import numpy as np
import pytest

from forum.surveys.figures.clusters import Asked, worth_of
from forum.surveys.figures.counts import Counts

ALIKE = {"not at all": (0.0, 1.0), "somewhat": (0.5, 0.8), "very": (0.8, 0.6), "all": (1.0, 0.0)}
"""How much answers of a person are alike: the spread between people, and within each."""
WAVES = 1500


def truth(between, within):
    """The mean of everybody's answers, rounded and cut to the scale."""
    spread = (between**2 + within**2) ** 0.5
    edges = [(edge - 3.5) / spread for edge in (1.5, 2.5, 3.5, 4.5)]
    return 5 - sum((1 + erf(edge / 2**0.5)) / 2 for edge in edges)


def answered(random, people, services, share, spreads):
    """What each of some people chose about each of some services, 0 where they did not answer."""
    of_person = random.normal(0, spreads[0], (people, 1))
    felt = 3.5 + of_person + random.normal(0, spreads[1], (people, services))
    chosen = np.clip(np.rint(felt), 1, 5).astype(int)
    return np.where(random.random(chosen.shape) < share, chosen, 0)


def whole(departments):
    """All of it together, as a survey tells it."""
    asked = {}
    for number, chosen in enumerate(departments):
        numbers = [int(n) for n in (chosen > 0).sum(axis=0)]
        asked[number] = Asked([n for n in numbers if n >= 5], sum(n < 5 for n in numbers))
    of = tuple(sum(int((chosen == v).sum()) for chosen in departments) for v in range(1, 6))
    return Counts(of, worth=worth_of(asked, sum(of), lambda one, other: one == other))


@pytest.mark.parametrize("spreads", ALIKE.values(), ids=ALIKE)
@pytest.mark.parametrize(
    ("departments", "people", "services", "share"),
    [(1, 6, 3, 1), (1, 20, 3, 1), (1, 70, 6, 1), (4, 8, 5, 0.8), (6, 12, 6, 0.4), (3, 9, 8, 0.5)],
)
def test_the_range_of_a_whole_covers_the_truth_as_often_as_it_claims(
    departments, people, services, share, spreads
):
    random, inside = np.random.default_rng(people + services), 0
    for _wave in range(WAVES):
        held = [answered(random, people, services, share, spreads) for _each in range(departments)]
        low, high = whole(held).interval
        inside += low - 1e-9 <= truth(*spreads) <= high + 1e-9

    chance = 3 * (0.95 * 0.05 / WAVES) ** 0.5
    assert inside / WAVES >= 0.95 - chance


def test_the_range_of_who_would_recommend_covers_it_where_people_say_the_same_of_all():
    random, inside = np.random.default_rng(2), 0
    for _wave in range(WAVES):
        would = int(random.binomial(40, 0.3))
        of = (6 * (40 - would), *[0] * 8, 6 * would, 0)
        low, high = Counts(of, 0, worth_of({1: Asked([40] * 6, 0)}, 240, both)).recommend_interval
        inside += low <= 0.3 <= high

    assert inside / WAVES > 0.93


def both(one, other):
    return True


@pytest.mark.parametrize(
    ("asked", "total", "worth"),
    [
        ({1: Asked([12], 0)}, 12, 12),
        ({1: Asked([12, 12, 12], 0)}, 36, 12),
        ({1: Asked([12], 0), 2: Asked([12], 0)}, 24, 24),
        ({1: Asked([20, 5, 5, 5, 5, 5], 0)}, 45, 10),
        ({1: Asked([20], 3)}, 20, 20),
        ({1: Asked([20], 0), 2: Asked([], 2), 3: Asked([], 1)}, 26, 21),
    ],
    ids=["one", "the same people", "others", "few of many", "none told", "some told together"],
)
def test_people_count_once_however_many_services_they_answer_about(asked, total, worth):
    assert worth_of(asked, total, lambda one, other: one == other) == worth


def test_customers_that_may_be_the_same_people_count_once():
    asked = {"Works": Asked([9], 0), "Sales": Asked([9], 0), "Stores": Asked([9], 0)}

    def below(one, other):
        return "Works" in (one, other) or one == other

    assert worth_of(asked, 27, below) == 27 * 27 // (9 * 3 + 9 * 4)


def test_nobody_can_answer_so_that_it_counts_as_more_than_they_are():
    random = np.random.default_rng(8)
    for _each in range(300):
        people, services = int(random.integers(5, 15)), int(random.integers(1, 7))
        shares = random.random((people, services)) < random.random((people, 1))
        given, numbers = shares.sum(axis=1), [int(n) for n in shares.sum(axis=0)]
        total = int(given.sum())
        asked = {1: Asked([n for n in numbers if n >= 5], sum(n < 5 for n in numbers))}
        if total:
            assert worth_of(asked, total, both) <= total**2 / (given**2).sum() + 1e-9


def test_without_knowing_as_how_many_they_count_there_is_no_range():
    old = Counts((0, 0, 1, 4, 5), worth=0)

    assert old.interval is None
    assert old.recommend_interval is None
