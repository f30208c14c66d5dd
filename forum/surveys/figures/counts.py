"""What was answered on a scale, its mean, and within what the true mean lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from forum.standards.kept.rates import wilson
from forum.surveys.figures.student import deviation, t_within

SCALE = range(1, 6)
"""Values of the five short items."""
LIKELY = range(11)
"""Values of the item that asks whether one would recommend."""
RECOMMENDS = 9
"""From where on somebody recommends: Reichheld, F. F. (2003): The one number you need to grow.
Harvard Business Review 81 (12), 46-54. We tell their share, not a difference of shares."""

MORE = 1.5
"""Answers added at either end of a scale. With 1 some shapes of two values are covered less than 92
times of 100, with 2 less than 93 times, with 1.5 all more than 93."""
Range = tuple[float, float]


@dataclass(frozen=True)
class Counts:
    """How many chose each value of a scale, from its lowest on."""

    of: tuple[int, ...]
    lowest: int = 1
    worth: int | None = None
    """As how many people's answers they count where one person gives several (`clusters`); None
    where each is another person's, 0 where it is not known."""

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.of)

    @property
    def values(self) -> range:
        """The scale."""
        return range(self.lowest, self.lowest + len(self.of))

    @property
    def mean(self) -> float:
        """The mean answer."""
        return sum(value * count for value, count in self.pairs()) / self.n

    def pairs(self) -> Iterable[tuple[int, int]]:
        """Each value with how many chose it."""
        return zip(self.values, self.of, strict=True)

    @property
    def independent(self) -> int:
        """As how many answers that do not depend on each other they count, 0 where it is not
        known."""
        return self.n if self.worth is None else self.worth

    @cached_property
    def interval(self) -> Range | None:
        """Within what the mean of everybody like them lies, about 95 times of 100."""
        return mean_interval(self) if self.independent else None

    @property
    def tells_share(self) -> bool:
        """Whether its figure is the share of those who would recommend, and not the mean."""
        return self.values == LIKELY

    @property
    def figure(self) -> float:
        """The one figure that is shown, drawn and compared."""
        return self.recommending / self.n if self.tells_share else self.mean

    @property
    def within(self) -> Range | None:
        """Within what the true figure lies, about 95 times of 100."""
        return self.recommend_interval if self.tells_share else self.interval

    @property
    def recommending(self) -> int:
        """How many would recommend, on the scale from 0 to 10."""
        return sum(count for value, count in self.pairs() if value >= RECOMMENDS)

    @property
    def recommend_interval(self) -> Range | None:
        """Within what the share of those who would recommend lies, about 95 times of 100
        (Wilson)."""
        trials = self.independent
        return wilson(self.recommending * trials / self.n, trials) if trials else None

    def __add__(self, other: Counts) -> Counts:
        """Both together, of different people."""
        together = tuple(a + b for a, b in zip(self.of, other.of, strict=True))
        return Counts(together, self.lowest)


def mean_interval(counts: Counts) -> Range:
    """The 95 % interval of a mean: Student's t after some answers more at either end of the scale.

    Student (1908): The probable error of a mean. Biometrika 6, 1-25. On five answers that look
    alike its interval has next to no width and misses the truth far too often; the answers more
    are to a scale what the added successes and failures are to a share: Agresti, A. & Coull, B. A.
    (1998): Approximate is better than “exact” for interval estimation of binomial proportions.
    The American Statistician 52, 119-126. The freedom stays that of the answers given, and what
    sticks out of the scale is cut off. Answers that hang together count as fewer.
    """
    trials = counts.independent
    of = [count * trials / counts.n for count in counts.of]
    of[0], of[-1] = of[0] + MORE, of[-1] + MORE
    total = sum(of)
    mean = sum(v * c for v, c in zip(counts.values, of, strict=True)) / total
    square = sum(v * v * c for v, c in zip(counts.values, of, strict=True)) / total
    half = t_within(max(trials - 1, 1)) * deviation(square - mean * mean, total + 1)
    return max(mean - half, counts.values[0]), min(mean + half, counts.values[-1])
