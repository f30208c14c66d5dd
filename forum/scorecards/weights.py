"""From marks to one figure: weights that moderators choose, and the spread of what experts say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from forum.core.numbers import number_or_none
from forum.core.site import site
from forum.scorecards.models import Criterion, Mark

MOST = 5
"""The largest weight; a criterion that weighs 0 does not count."""
POINTS = {Mark.HIGH: 100.0, Mark.MEDIUM: 50.0, Mark.LOW: 0.0}
GOOD_WHEN_LOW = (Criterion.COST, Criterion.OBSTACLES)

Weights = Mapping[str, int]
Marks = Mapping[str, Sequence[str]]
"""What experts said, by criterion."""


def chosen() -> dict[str, int]:
    """The weights of this company."""
    return dict(zip(map(str, Criterion), site().score_weights, strict=True))


def read(typed: str, before: int) -> int:
    """A weight as it was typed; what is none leaves it as it was."""
    number = number_or_none(typed)
    return before if number is None or number > MOST else number


def points(criterion: str, mark: str) -> float | None:
    """0 to 100, the better the more; None where it does not apply."""
    found = POINTS.get(Mark(mark))
    if found is None or criterion not in GOOD_WHEN_LOW:
        return found
    return 100.0 - found


def figure(marks: Marks, weights: Weights) -> int | None:
    """The weighted mean over the criteria of the means over experts, 0 to 100; None for nothing."""
    total = weight = 0.0
    for criterion, said in marks.items():
        rated = [p for mark in said if (p := points(criterion, mark)) is not None]
        if rated and weights.get(criterion):
            total += weights[criterion] * sum(rated) / len(rated)
            weight += weights[criterion]
    return round(total / weight) if weight else None


class Spread(NamedTuple):
    """How often experts gave each mark to a criterion, and how far they are apart."""

    criterion: str
    counts: dict[str, int]
    apart: bool


def spread(marks: Marks) -> list[Spread]:
    """The marks of every criterion; `apart` where some say high and others low."""
    return [_spread(str(criterion), marks.get(criterion, ())) for criterion in Criterion]


def _spread(criterion: str, said: Iterable[str]) -> Spread:
    marks = list(said)
    counts = {str(mark): marks.count(mark) for mark in Mark}
    return Spread(criterion, counts, Mark.HIGH in marks and Mark.LOW in marks)


class Ranked(NamedTuple):
    """An idea with its figure and its place by other weights."""

    id: int
    title: str
    lang: str
    figure: int | None
    place: int
    place_before: int


def ranked(ideas: Mapping[int, tuple[str, str, Marks]], new: Weights, old: Weights) -> list[Ranked]:
    """Ideas, best first by the new weights, with their places by the old ones."""
    before = {number: place for place, number in enumerate(_order(ideas, old), 1)}
    return [
        Ranked(number, title, lang, figure(marks, new), place, before[number])
        for place, number in enumerate(_order(ideas, new), 1)
        for title, lang, marks in [ideas[number]]
    ]


def _order(ideas: Mapping[int, tuple[str, str, Marks]], weights: Weights) -> list[int]:
    figures = {number: figure(idea[2], weights) for number, idea in ideas.items()}
    return sorted(ideas, key=lambda n: (-(figures[n] if figures[n] is not None else -1), n))  # type: ignore[operator]
