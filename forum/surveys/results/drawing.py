"""Pictures of figures: where each part stands. Beside each there is a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from forum.core.i18n import _, number, percent
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
    figure: float
    interval: tuple[float, float] | None = None
    begins: bool = False
    """Whether it cannot be compared with the one before, because it was asked otherwise."""


class Scale(NamedTuple):
    """From where to where a trend is drawn, and the figures that are written at its side."""

    low: float
    high: float
    ticks: tuple[float, ...]
    left: int = LEFT
    of_shares: bool = False

    def told(self, figure: float) -> str:
        """A figure as it is told in a sentence."""
        return percent(round(100 * figure)) if self.of_shares else number(figure, 1)

    def at_side(self, figure: float) -> str:
        """A figure as it is written at the side."""
        return self.told(figure) if self.of_shares else str(round(figure))


SHARES = Scale(0.0, 1.0, (0.0, 0.5, 1.0), left=LEFT + 14, of_shares=True)
"""That of shares, which takes more room for what is written."""


def scale_of(values: range) -> Scale:
    """That of means."""
    return Scale(values[0], values[-1], (values[0], values[len(values) // 2], values[-1]))


@dataclass(frozen=True, slots=True)
class Line:
    """A trend as a picture."""

    dots: list[tuple[float, float]]
    whiskers: list[tuple[float, float, float]]
    strokes: list[str]
    markers: list[tuple[float, str]]
    scale: list[tuple[float, str]]
    label: str
    width: int = WIDE
    height: int = HIGH
    left: int = LEFT


def line_of(
    points: Sequence[Point], scale: Scale, markers: Sequence[tuple[date, str]] = ()
) -> Line | None:
    """A trend of two waves or more, with what came into force between them."""
    if len(points) < 2 or points[0].on == points[-1].on:
        return None
    first, days = points[0].on, (points[-1].on - points[0].on).days

    def across(on: date) -> float:
        return round(scale.left + 8 + (WIDE - scale.left - 24) * (on - first).days / days, 1)

    def down(value: float) -> float:
        share = (value - scale.low) / (scale.high - scale.low)
        return round(HIGH - BOTTOM - share * (HIGH - TOP - BOTTOM), 1)

    dots = [(across(point.on), down(point.figure)) for point in points]
    whiskers = [
        (x, down(point.interval[1]), down(point.interval[0]))
        for (x, _y), point in zip(dots, points, strict=True)
        if point.interval is not None
    ]
    told = [(across(on), name) for on, name in markers if first <= on <= points[-1].on]
    ends = [(down(value), scale.at_side(value)) for value in scale.ticks]
    spoken = _spoken(points, scale)
    return Line(dots, whiskers, _strokes(points, dots), told, ends, spoken, left=scale.left)


def _strokes(points: Sequence[Point], dots: Sequence[tuple[float, float]]) -> list[str]:
    found: list[list[str]] = []
    for point, (x, y) in zip(points, dots, strict=True):
        if point.begins or not found:
            found.append([])
        found[-1].append(f"{x},{y}")
    return [" ".join(each) for each in found if len(each) > 1]


def _spoken(points: Sequence[Point], scale: Scale) -> str:
    return _(
        "From %(first)s to %(last)s in %(num)d surveys",
        first=scale.told(points[0].figure),
        last=scale.told(points[-1].figure),
        num=len(points),
    )
