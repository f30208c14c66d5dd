"""Whether a share rose or fell, by Fisher's exact test; the tests hold it against scipy.

Fisher, R. A. (1935): The logic of inductive inference. Journal of the Royal Statistical Society 98,
39-82. If nothing changed, who said yes could as well have said so in the other survey: then how
many of the second survey said yes is hypergeometric, whatever the true share is. So the level is
kept for every share and every number of answers; it is the permutation test of shares, with all
permutations counted instead of drawn. With few answers it errs towards no clear change.
"""

from __future__ import annotations

from math import exp, lgamma


def chances(before: tuple[int, int], after: tuple[int, int]) -> tuple[float, float]:
    """How likely a rise, and how likely a fall, as clear as this would be if nothing changed; of
    each side how many said yes, and of how many."""
    (yes_before, n_before), (yes_after, n_after) = before, after
    yes, everybody = yes_before + yes_after, n_before + n_after
    least, most = max(0, yes - n_before), min(yes, n_after)

    def chance(count: int) -> float:
        """That so many of the second survey are among those who said yes."""
        ways = _ways(yes, count) + _ways(everybody - yes, n_after - count)
        return exp(ways - _ways(everybody, n_after))

    up = sum(chance(count) for count in range(yes_after, most + 1))
    down = sum(chance(count) for count in range(least, yes_after + 1))
    return min(up, 1.0), min(down, 1.0)


def _ways(of: int, chosen: int) -> float:
    """The logarithm of how many ways there are to choose some."""
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
