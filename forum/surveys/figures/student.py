"""The t distribution, as far as intervals need it; the tests hold it against scipy."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt

TINY = 1e-300
PRECISE = 1e-14
STEPS = 400


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b).

    DLMF 8.17.22, the continued fraction, by the method of Lentz (1976): Generating Bessel functions
    in Mie scattering calculations using continued fractions. Applied Optics 15, 668-671.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, its mirror is quick
        return 1 - beta_share(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _away(1 + step * d)
            c = _away(1 + step / c)
            value *= c * d
        if abs(c * d - 1) < PRECISE:
            break
    return value


def _away(value: float) -> float:
    """A number that can be divided by."""
    return value if abs(value) > TINY else TINY


@lru_cache(2048)
def t_within(freedom: int, share: float = 0.95) -> float:
    """How far from the middle this share of a t distribution lies, by bisection."""
    low, high = 0.0, 2.0
    while _inside(high, freedom) < share:
        high *= 2
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < share else (low, middle)
    return (low + high) / 2


def _inside(t: float, freedom: int) -> float:
    """P(|T| <= t): Abramowitz & Stegun (1964), Handbook of Mathematical Functions, 26.7.1."""
    return 1 - beta_share(freedom / 2, 0.5, freedom / (freedom + t * t)) if t else 0.0


def deviation(variance: float, count: float) -> float:
    """The standard deviation of a mean."""
    return sqrt(max(variance, 0.0) / count)
