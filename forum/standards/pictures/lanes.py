"""Steps as a swim-lane diagram: a lane for each department, boxes in order, arrows between them.

Computed here as plain shapes; a template draws them as SVG. Lanes stand side by side and steps go
down, so that a long process is read, scrolled and printed like the text around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forum.standards.pictures.wrapping import wrapped
from forum.standards.structure.reading import MOST_STEPS, Step

MOST_LANES = 20
"""Lanes side by side; whoever comes after shares the last."""
LANE, BOX, GAP, HEAD, LINE, PAD = 184, 160, 28, 56, 19, 10
"""Widths of a lane and a box, heights of a gap, a lane's head, a line, and space within a box."""
LETTER, SMALL = 14, 12
"""Sizes of the text in a box, and of what stands under it."""
MOST_LINES, MOST_UNDER = 7, 2
TIP = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the picture: whose it is; `hue` is None for somebody who is no department."""

    x: float
    lines: Sequence[Line]
    hue: int | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A step in its lane; `under` is the time it may take."""

    x: float
    y: float
    height: float
    number: int
    lines: Sequence[Line]
    under: Sequence[Line]
    hue: int | None

    @property
    def middle(self) -> float:
        """Where arrows come in and go out."""
        return self.x + BOX / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to the next: a path, and the three corners of its tip."""

    path: str
    tip: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything a template needs, in pixels."""

    width: float
    height: float
    lanes: Sequence[Lane]
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    left_out: int = 0
    """Steps that are not drawn."""


Owner = tuple[int, str]
"""Whose a lane is: a department's id, or what the text calls somebody else."""


def draw(steps: Sequence[Step]) -> Drawing | None:
    """The picture, None where it would show nothing: with one step, or nobody known to act."""
    drawn = steps[:MOST_STEPS]
    owners = _owners(drawn)
    if len(drawn) < 2 or not any(step.department or step.who for step in drawn):
        return None
    lanes = _lanes(drawn, owners)
    boxes = _boxes(drawn, owners)
    last = boxes[-1]
    return Drawing(
        width=LANE * len(lanes),
        height=last.y + last.height + GAP / 2,
        lanes=lanes,
        boxes=boxes,
        arrows=[_arrow(one, other) for one, other in pairwise(boxes)],
        left_out=len(steps) - len(drawn),
    )


def _owner(step: Step) -> Owner:
    if step.department is not None:
        return step.department.id, ""
    return 0, " ".join(step.who.casefold().split())


def _owners(steps: Sequence[Step]) -> dict[Owner, int]:
    """The place of each lane, in the order in which they first act."""
    places: dict[Owner, int] = {}
    for step in steps:
        places.setdefault(_owner(step), min(len(places), MOST_LANES - 1))
    return places


def _lanes(steps: Sequence[Step], owners: dict[Owner, int]) -> list[Lane]:
    shared = len(owners) > MOST_LANES
    lanes: dict[int, Lane] = {}
    for step in steps:
        place = owners[_owner(step)]
        is_shared = shared and place == MOST_LANES - 1
        if place not in lanes:
            lanes[place] = _lane(place, None if is_shared else step)
    return [lanes[place] for place in sorted(lanes)]


def _lane(place: int, step: Step | None) -> Lane:
    """Headed by the department's name, or the words of the text; by nothing where it is shared."""
    department = step.department if step is not None else None
    name = department.name if department is not None else step.who if step is not None else "…"
    middle = place * LANE + LANE / 2
    lines = wrapped(name or "…", (LANE - 2 * PAD) / LETTER, 2)
    first = HEAD / 2 + 5 - (len(lines) - 1) * LINE / 2
    placed = [Line(middle, first + at * LINE, text) for at, text in enumerate(lines)]
    hue, code = (department.hue, department.code) if department is not None else (None, "")
    return Lane(place * LANE, placed, hue, code)


def _boxes(steps: Sequence[Step], owners: dict[Owner, int]) -> list[Box]:
    boxes: list[Box] = []
    y = float(HEAD + GAP / 2)
    for number, step in enumerate(steps, 1):
        box = _box(number, step, owners[_owner(step)], y)
        boxes.append(box)
        y += box.height + GAP
    return boxes


def _box(number: int, step: Step, place: int, y: float) -> Box:
    x = place * LANE + (LANE - BOX) / 2
    room = BOX - 2 * PAD
    words = wrapped(f"{number}. {step.what or '…'}", room / LETTER, MOST_LINES)
    below = wrapped(step.time, room / SMALL, MOST_UNDER)
    first = y + PAD + LETTER
    lines = [Line(x + PAD, first + at * LINE, text) for at, text in enumerate(words)]
    second = first + len(lines) * LINE
    under = [Line(x + PAD, second + at * LINE, text) for at, text in enumerate(below)]
    height = 2 * PAD + (len(lines) + len(under)) * LINE
    hue = step.department.hue if step.department is not None else None
    return Box(x, y, height, number, lines, under, hue)


def _arrow(one: Box, other: Box) -> Arrow:
    """Down, across half-way, and down again."""
    start, end = one.y + one.height, other.y
    half = (start + end) / 2
    across = f" V{half:g} H{other.middle:g}" if one.middle != other.middle else ""
    path = f"M{one.middle:g} {start:g}{across} V{end - TIP:g}"
    left, right = other.middle - TIP, other.middle + TIP
    tip = f"{left:g},{end - TIP - 2:g} {right:g},{end - TIP - 2:g} {other.middle:g},{end:g}"
    return Arrow(path, tip)
