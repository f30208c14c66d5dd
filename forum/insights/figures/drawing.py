"""Pictures of figures: bars in a row, and the loop with its stations; numbers only, no colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from forum.insights.figures.registry import Bars

WIDTH, HEIGHT, FOOT, HEAD = 360, 132, 20, 18
BOX_WIDTH, BOX_HEIGHT, STEP, GAP = 158, 76, 104, 28


class Bar(NamedTuple):
    """A bar with its value above and its point's name below."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars that were drawn."""

    title: str
    bars: Sequence[Bar]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def base(self) -> int:
        """Where the bars stand."""
        return self.height - FOOT


def draw(bars: Bars) -> Chart:
    """Bars as high as their values; the highest fills the picture."""
    most = max((value for _label, value in bars.points), default=0) or 1
    room = HEIGHT - FOOT - HEAD
    slot = WIDTH / max(len(bars.points), 1)
    width = min(slot * 0.64, 40)
    drawn = []
    for number, (label, value) in enumerate(bars.points):
        height = round(room * max(value, 0) / most, 1)
        middle = round(slot * (number + 0.5), 1)
        left, top = round(middle - width / 2, 1), round(HEIGHT - FOOT - height, 1)
        drawn.append(Bar(left, top, round(width, 1), height, middle, value, label))
    return Chart(bars.title, drawn)


class Stop(NamedTuple):
    """A station of the loop where it stands, and the arrow that leads to it."""

    x: int
    y: int
    label: str
    headline: str
    flows: bool | None
    path: str
    tip: str


@dataclass(frozen=True, slots=True)
class Loop:
    """The loop, down one side and up the other."""

    stops: Sequence[Stop]
    width: int
    height: int


def draw_loop(stations: Sequence[tuple[str, str, bool | None]]) -> Loop:
    """Stations as (label, headline, flows) in their order, in two columns that fit on a phone."""
    left = (len(stations) + 1) // 2
    spots = [_spot(number, left, len(stations)) for number in range(len(stations))]
    stops = []
    for number, (label, headline, flows) in enumerate(stations):
        path, tip = _arrow(spots[number - 1], spots[number])
        stops.append(Stop(*spots[number], label, headline, flows, path, tip))
    return Loop(stops, 2 * BOX_WIDTH + GAP, left * STEP - (STEP - BOX_HEIGHT))


def _spot(number: int, left: int, total: int) -> tuple[int, int]:
    if number < left:
        return 0, number * STEP
    # The right side is as long as the left one, so that its last station lies beside the first.
    right, place = total - left, total - 1 - number
    return BOX_WIDTH + GAP, STEP * (left - 1) * place // max(right - 1, 1)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> tuple[str, str]:
    """From one box to the next one below, above or beside it."""
    half = BOX_WIDTH // 2
    if start[0] == end[0]:
        x, down = start[0] + half, end[1] > start[1]
        y1 = start[1] + BOX_HEIGHT if down else start[1]
        y2 = end[1] if down else end[1] + BOX_HEIGHT
        back = -8 if down else 8
        return f"M{x} {y1}V{y2 + back}", f"{x},{y2} {x - 5},{y2 + back} {x + 5},{y2 + back}"
    right = end[0] > start[0]
    x1, x2 = (start[0] + BOX_WIDTH, end[0]) if right else (start[0], end[0] + BOX_WIDTH)
    y, back = end[1] + BOX_HEIGHT // 2, -8 if right else 8
    path = f"M{x1} {start[1] + BOX_HEIGHT // 2}L{x2 + back} {y}"
    return path, f"{x2},{y} {x2 + back},{y - 5} {x2 + back},{y + 5}"
