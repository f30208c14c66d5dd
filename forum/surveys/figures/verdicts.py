"""Whether something got better or worse, by a rule that is stated and tested.

Of an item from 0 to 10 the share of those who would recommend is told, so two waves are compared by
Fisher's exact test of their shares (`shares`). Of all others the mean is told, and two waves are
compared by a permutation test of their means with Welch's statistic:
Janssen, A. (1997): Studentized permutation tests for non-i.i.d. hypotheses and the generalized
Behrens-Fisher problem. Statistics & Probability Letters 36, 9-21; Chung, E. & Romano, J. P. (2013):
Exact and asymptotically robust permutation tests. Annals of Statistics 41, 484-507.

Assumptions: within a wave answers do not depend on each other, which holds for one item of one
service, where everybody answers once. Nothing ties a person's answers in two waves together, so
they count as two groups; where many are the same people the rule errs towards “no clear change”.
If nothing changed, an answer could as well stand in the other wave, and then the test keeps its
level exactly, however few, skewed or equal the answers are. It holds whether or not an answer was
told otherwise because all said the same (`deniable`): both must come to the same verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np

from forum.surveys.figures import shares
from forum.surveys.figures.counts import Counts
from forum.surveys.figures.deniable import truths

LEVEL = 0.05
"""How often a true no-change is called a change at most, half of it better, half worse."""
DRAWS = 9_999
"""Permutations drawn. The one that was seen counts too, so that the level is kept: Phipson, B. &
Smyth, G. K. (2010): Permutation P-values should never be zero. Statistical Applications in Genetics
and Molecular Biology 9 (1), article 39."""
SEED = 20_100_930
"""The same answers always get the same verdict."""
EQUAL = 1e-9


class Verdict(StrEnum):
    """What came of something."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two waves of one figure; a side is None where it may not be told."""

    before: Counts | None
    after: Counts | None


def verdicts(cells: Sequence[Compared]) -> list[Verdict]:
    """A verdict for each of several figures that were promised together.

    Holm, S. (1979): A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6, 65-70: however many there are, and however they hang together, the chance to
    call any true no-change a change stays at the level.
    """
    said = [Verdict.TOO_FEW] * len(cells)
    chances: list[tuple[float, bool, int]] = []
    for place, cell in enumerate(cells):
        if cell.before is not None and cell.after is not None:
            up, down = _surely(cell.before, cell.after)
            chances.append((min(1.0, 2 * min(up, down)), up < down, place))
            said[place] = Verdict.UNCLEAR
    for tried, (chance, rose, place) in enumerate(sorted(chances)):
        if chance > LEVEL / (len(chances) - tried):
            break
        said[place] = Verdict.BETTER if rose else Verdict.WORSE
    return said


def together(said: Sequence[Verdict]) -> Verdict:
    """One verdict for several: worse as soon as one is, better where one is and none is worse."""
    for verdict in (Verdict.WORSE, Verdict.BETTER, Verdict.UNCLEAR):
        if verdict in said:
            return verdict
    return Verdict.TOO_FEW


def _surely(before: Counts, after: Counts) -> tuple[float, float]:
    """The larger chance of each kind, whatever may have been answered: where all said the same, one
    answer is told otherwise, and no verdict may rest on that one. The larger is never below that of
    what was truly answered, so the level is kept."""
    found = [chances_of(one, other) for one in truths(before) for other in truths(after)]
    return max(up for up, _down in found), max(down for _up, down in found)


@lru_cache(4096)
def chances_of(before: Counts, after: Counts) -> tuple[float, float]:
    """How likely a rise, and how likely a fall, of the figure that is told, as clear as this would
    be if nothing changed."""
    if before.tells_share:
        return shares.chances((before.recommending, before.n), (after.recommending, after.n))
    values = np.array(before.values, dtype=float)
    pooled = np.array(before.of) + np.array(after.of)
    draws = np.random.default_rng(SEED).multivariate_hypergeometric(
        pooled, after.n, size=DRAWS, method="marginals"
    )
    seen = _welch(values, pooled, np.array([after.of]))[0]
    drawn = _welch(values, pooled, draws)
    up, down = (drawn >= seen - EQUAL).sum(), (drawn <= seen + EQUAL).sum()
    return float((1 + up) / (DRAWS + 1)), float((1 + down) / (DRAWS + 1))


def _welch(values: Any, pooled: Any, after: Any) -> Any:
    """Welch, B. L. (1947): The generalization of “Student's” problem when several different
    population variances are involved. Biometrika 34, 28-35: the statistic, for each draw."""
    (mean_before, error_before), (mean_after, error_after) = (
        _mean_and_error(values, counts) for counts in (pooled - after, after)
    )
    rise, error = mean_after - mean_before, np.sqrt(error_before + error_after)
    # Without any spread a difference is as clear as can be, and none is none.
    rise = np.where(np.abs(rise) < EQUAL, 0.0, rise)
    return rise / np.maximum(error, EQUAL)


def _mean_and_error(values: Any, counts: Any) -> tuple[Any, Any]:
    n = counts.sum(axis=1)
    mean = counts @ values / n
    variance = (counts @ values**2 / n - mean**2) * n / np.maximum(n - 1, 1)
    return mean, np.maximum(variance, 0) / n
