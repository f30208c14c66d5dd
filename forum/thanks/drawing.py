"""The flow of thanks as a picture: who thanks at the left, who is thanked at the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from forum.departments.queries import DepartmentCard
from forum.standards.pictures.wrapping import wrapped
from forum.thanks.flow import Arrow

MOST = 24
"""Arrows drawn, the widest; the table has all."""
NAMES, BETWEEN, ROW, TOP = 190, 180, 48, 24
WIDTH = 2 * NAMES + BETWEEN
LETTERS = 12.5
"""Ems of a name that fit beside the arrows."""


class Name(NamedTuple):
    """A department's name at a side; `y` is its middle."""

    x: float
    y: float
    lines: list[tuple[float, str]]
    hue: int
    anchor: str


class Band(NamedTuple):
    """An arrow as a curve with its tip."""

    path: str
    tip: str
    width: int
    hue: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and how many arrows were left to the table."""

    width: float
    height: float
    names: list[Name]
    bands: list[Band]
    left_out: int


def draw(arrows: Sequence[Arrow]) -> Picture | None:
    """The picture; None where there is nothing to draw."""
    drawn = arrows[:MOST]
    if not drawn:
        return None
    givers = _places(arrow.giver for arrow in drawn)
    takers = _places(arrow.taker for arrow in drawn)
    return Picture(
        width=WIDTH,
        height=2 * TOP + ROW * (max(len(givers), len(takers)) - 1) + ROW / 2,
        names=[
            *(_name(card, NAMES - 12, place, "end") for card, place in givers.items()),
            *(_name(card, NAMES + BETWEEN + 12, place, "start") for card, place in takers.items()),
        ],
        bands=[_band(arrow, givers[arrow.giver], takers[arrow.taker]) for arrow in drawn],
        left_out=len(arrows) - len(drawn),
    )


def _places(cards: Iterable[DepartmentCard]) -> dict[DepartmentCard, float]:
    known = sorted(set(cards), key=lambda card: card.name)
    return {card: TOP + at * ROW + ROW / 4 for at, card in enumerate(known)}


def _name(card: DepartmentCard, x: float, y: float, anchor: str) -> Name:
    lines = wrapped(card.name, LETTERS, 2)
    first = y + 5 - (len(lines) - 1) * 8
    return Name(x, y, [(first + at * 16, text) for at, text in enumerate(lines)], card.hue, anchor)


def _band(arrow: Arrow, start: float, end: float) -> Band:
    left, right, half = NAMES, NAMES + BETWEEN - 8, NAMES + BETWEEN / 2
    path = f"M{left:g} {start:g} C{half:g} {start:g} {half:g} {end:g} {right:g} {end:g}"
    wing = 4 + arrow.width
    tip = f"{right:g},{end - wing:g} {right:g},{end + wing:g} {right + 8:g},{end:g}"
    return Band(path, tip, arrow.width, arrow.giver.hue)
