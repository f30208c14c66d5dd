"""Pictures of figures: where each part stands. Beside each there is a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from forum.core.i18n import _, number
from forum.surveys.figures.counts import Counts

BAR, GAP, TALL = 14, 4, 32
WIDE, HIGH, LEFT, TOP, BOTTOM = 328, 150, 28, 22, 8
"""As wide as a phone: a wider one would be drawn smaller there, and its words with it."""


@dataclass(frozen=True, slots=True)
class Bars:
    """How often each value was chosen, from the lowest on."""

    width: int
    bars: list[tuple[int, float, float]]
    """Where each begins from the left and from above, and how tall it is."""
    label: str
    height: int = TALL
    bar: int = BAR


def bars_of(counts: Counts) -> Bars:
    """A bar for each value; one that nobody chose is a line."""
    most = max(counts.of)
    tall = [max(1.0, round(count / most * TALL, 1)) for count in counts.of]
    bars = [(place * (BAR + GAP), TALL - each, each) for place, each in enumerate(tall)]
    said = ", ".join(f"{value}: {count}" for value, count in counts.pairs())
    return Bars(len(tall) * (BAR + GAP) - GAP, bars, _("How often each was chosen: %(s)s", s=said))


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a wave in a trend; None for an interval where there is none."""

    on: date
    mean: float
    interval: tuple[float, float] | None = None
    begins: bool = False
    """Whether it cannot be compared with the one before, because it was asked otherwise."""


@dataclass(frozen=True, slots=True)
class Line:
    """A trend as a picture."""

    dots: list[tuple[float, float]]
    whiskers: list[tuple[float, float, float]]
    strokes: list[str]
    markers: list[tuple[float, str]]
    scale: list[tuple[float, int]]
    label: str
    width: int = WIDE
    height: int = HIGH
    left: int = LEFT


def line_of(
    points: Sequence[Point], scale: range, markers: Sequence[tuple[date, str]] = ()
) -> Line | None:
    """A trend of two waves or more, with what came into force between them."""
    if len(points) < 2 or points[0].on == points[-1].on:
        return None
    first, days = points[0].on, (points[-1].on - points[0].on).days

    def across(on: date) -> float:
        return round(LEFT + 8 + (WIDE - LEFT - 24) * (on - first).days / days, 1)

    def down(value: float) -> float:
        share = (value - scale[0]) / (scale[-1] - scale[0])
        return round(HIGH - BOTTOM - share * (HIGH - TOP - BOTTOM), 1)

    dots = [(across(point.on), down(point.mean)) for point in points]
    whiskers = [
        (x, down(point.interval[1]), down(point.interval[0]))
        for (x, _y), point in zip(dots, points, strict=True)
        if point.interval is not None
    ]
    told = [(across(on), name) for on, name in markers if first <= on <= points[-1].on]
    ends = [(down(value), value) for value in (scale[0], scale[len(scale) // 2], scale[-1])]
    return Line(dots, whiskers, _strokes(points, dots), told, ends, _spoken(points))


def _strokes(points: Sequence[Point], dots: Sequence[tuple[float, float]]) -> list[str]:
    found: list[list[str]] = []
    for point, (x, y) in zip(points, dots, strict=True):
        if point.begins or not found:
            found.append([])
        found[-1].append(f"{x},{y}")
    return [" ".join(each) for each in found if len(each) > 1]


def _spoken(points: Sequence[Point]) -> str:
    return _(
        "From %(first)s to %(last)s in %(num)d surveys",
        first=number(points[0].mean, 1),
        last=number(points[-1].mean, 1),
        num=len(points),
    )
