"""How often a promise is kept, with how sure that is, and shown so that nobody is recognised."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

FEWEST = 5
"""Marks a group needs before its figure is shown."""
FEWEST_PEOPLE = 3
"""People they have to come from: of two, either would know the other's."""
Z = 1.959963984540054
"""Standard deviations within which 95 of 100 lie."""
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of some marks say kept, and by how many people they are."""

    kept: int = 0
    total: int = 0
    people: int = 0

    @property
    def may_be_told(self) -> bool:
        """Whether it is of enough marks by enough people."""
        return self.total >= FEWEST and self.people >= FEWEST_PEOPLE

    @property
    def interval(self) -> tuple[int, int]:
        """Between how many percent it truly lies, 95 times of 100."""
        low, high = wilson(self.kept, self.total)
        return round(low * 100), round(high * 100)


def wilson(successes: float, trials: int) -> tuple[float, float]:
    """The 95% score interval of a share; everything for no trials.

    Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
    """
    if trials <= 0:
        return 0.0, 1.0
    share, squared = successes / trials, Z * Z / trials
    middle = share + squared / 2
    spread = Z * sqrt(share * (1 - share) / trials + squared / (4 * trials))
    low, high = (middle - spread) / (1 + squared), (middle + spread) / (1 + squared)
    # At the ends the exact bound is the share itself, which floats miss by a hair.
    return (0.0 if successes == 0 else low), (1.0 if successes == trials else high)


def hidden(groups: Mapping[K, Rate]) -> frozenset[K]:
    """The groups that may not be told beside their sum.

    All with too few marks, and the next smallest until there are two of them with enough together:
    otherwise the sum less what is shown would tell about the one.
    """
    order = sorted(groups, key=lambda key: (groups[key].total, str(key)))
    silent = [key for key in order if groups[key].total and not groups[key].may_be_told]
    rest = [key for key in order if groups[key].total and key not in silent]
    while silent and rest and (len(silent) < 2 or sum(groups[k].total for k in silent) < FEWEST):
        silent.append(rest.pop(0))
    return frozenset(silent)
