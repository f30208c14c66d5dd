"""A department in the middle: who serves it on the left, whom it serves on the right.

Computed here as plain shapes; a template draws them as SVG, with a table behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask import current_app
from markupsafe import Markup
from sqlalchemy import or_

from forum.accounts.models import Person
from forum.core.i18n import locale_code, ngettext, short_month
from forum.core.kept import Keeper
from forum.departments.models import Department, ServiceState
from forum.departments.services.ends import CUSTOMER, PROVIDER
from forum.insights.map.days import source
from forum.insights.map.listing import Line, read_rows, rows_of, scored
from forum.insights.map.names import Called
from forum.standards.pictures.wrapping import width_of, wrapped

MOST = 14
"""Neighbours drawn on a side; the table has all of them."""
MOST_ROWS = 1_000
"""Services in the table behind."""
kept = Keeper("stars", most=64)
"""Pictures with their tables, of some twenty kilobytes each."""
WIDTH, BOX, HEIGHT, GAP, EDGE = 720, 208, 52, 12, 4
LETTER, SMALL, LINE = 14, 12, 17
NOTE = (BOX - 20) / SMALL
"""How much of a note has room on a line."""


class Words(NamedTuple):
    """A line of text and where it stands."""

    x: float
    y: float
    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A neighbour, or the department itself."""

    x: float
    y: float
    width: float
    height: float
    hue: int | None
    words: Sequence[Words]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Ray:
    """What runs between a neighbour and the middle: a path, the corners of its tip, and whether
    something on it is not agreed on."""

    path: str
    tip: str
    open: bool


class Middle(NamedTuple):
    """The department that a star is of."""

    name: str
    hue: int | None


class Neighbour(NamedTuple):
    """Who stands on one side of the picture, and the services between."""

    called: Called
    services: Sequence[Line]

    @property
    def open(self) -> bool:
        """Whether something is not agreed on."""
        return any(line.state != ServiceState.CONFIRMED for line in self.services)

    @property
    def notes(self) -> list[str]:
        """How many services, with the signs of what is not agreed on; and how satisfied customers
        are."""
        agreed = ServiceState.CONFIRMED
        signs = "".join(sorted({line.sign for line in self.services if line.state != agreed}))
        number = len(self.services)
        count = ngettext("%(num)d service", "%(num)d services", number)
        return list(filter(None, (f"{count} {signs}".strip(), _scores(self.services))))

    @property
    def note(self) -> str:
        """All of it."""
        return " · ".join(self.notes)


@dataclass(frozen=True, slots=True)
class Star:
    """Everything a template needs, in pixels; the same neighbours to stand below each other where
    the picture has no room, and all services for the table behind."""

    width: float
    height: float
    boxes: Sequence[Box]
    rays: Sequence[Ray]
    providers: Sequence[Neighbour]
    customers: Sequence[Neighbour]
    left_out: int
    serves: Sequence[Line]
    served_by: Sequence[Line]


def drawn(reader: Person, department: Department, as_of: date | None) -> Markup:
    """The picture of a department with whom it serves and who serves it, and the tables behind;
    nothing where there is no service. Five queries, whatever the number."""
    model, number, _where = source(as_of)
    touches = or_(model.provider_id == department.id, model.customer_id == department.id)
    query = rows_of(reader, as_of).where(touches).order_by(number).limit(MOST_ROWS)
    rows = read_rows(query)
    pairs = list(zip(rows, scored(reader, rows, as_of), strict=True))
    serves = tuple(line for row, line in pairs if row.provider_id == department.id)
    served_by = tuple(line for row, line in pairs if row.customer_id == department.id)
    middle = Middle(department.name, department.hue)
    key = (middle, serves, served_by, locale_code())
    return kept(key, lambda: _drawn(middle, serves, served_by)) if rows else Markup()


def _drawn(middle: Middle, serves: Sequence[Line], served_by: Sequence[Line]) -> Markup:
    template = current_app.jinja_env.get_template("insights/map/_star.html")
    star = _draw(middle, _by_name(serves), _by_name(served_by))
    return Markup(template.render(department=middle, star=star))  # noqa: S704 - a template's output


def _by_name(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.provider.full, line.customer.full, line.name))


def _scores(lines: Sequence[Line]) -> str:
    """How satisfied customers are with these services: the lowest figure, and the highest. They are
    of the survey that the map's cells tell of, or of the newest one, whose month is said then."""
    known = [line.figure for line in lines if line.figure]
    on = max((each.on or date.max for each in known), default=date.max)
    last = [each for each in known if (each.on or date.max) == on]
    figures = sorted({(each.sign, each.mark) for each in last})
    ends = [figures[0], figures[-1]] if len(figures) > 1 else figures
    said = " – ".join(f"{mark} {sign}" for sign, mark in ends)
    return said if on == date.max else f"{said}, {short_month(on)}"


def _neighbours(lines: Sequence[Line], side: str) -> list[Neighbour]:
    """Those with the most services first."""
    found: dict[Called, list[Line]] = defaultdict(list)
    for line in lines:
        found[getattr(line, side)].append(line)
    order = sorted(found.items(), key=lambda item: (-len(item[1]), item[0].full))
    return [Neighbour(*item) for item in order]


def _draw(department: Middle, serves: Sequence[Line], served_by: Sequence[Line]) -> Star:
    left, right = _neighbours(served_by, PROVIDER), _neighbours(serves, CUSTOMER)
    sides = left[:MOST], right[:MOST]
    tall = HEIGHT + LINE * any(len(_noted(each)) > 1 for side in sides for each in side)
    height = max(len(sides[0]), len(sides[1]), 1) * (tall + GAP) + GAP
    middle = height / 2
    boxes, rays = [_middle(department, middle)], []
    for neighbours, is_left in ((sides[0], True), (sides[1], False)):
        first = middle - (len(neighbours) * (tall + GAP) - GAP) / 2
        for place, each in enumerate(neighbours):
            y = first + place * (tall + GAP)
            x = EDGE if is_left else WIDTH - BOX - EDGE
            boxes.append(_neighbour(each, x, y, tall))
            rays.append(_ray(y + tall / 2, middle, is_left=is_left, is_open=each.open))
    left_out = max(len(left) - MOST, 0) + max(len(right) - MOST, 0)
    return Star(WIDTH, height, boxes, rays, *sides, left_out, serves, served_by)


def _noted(each: Neighbour) -> list[str]:
    """What is said below a name: on a line, or on two where one has no room."""
    if width_of(each.note) <= NOTE:
        return [each.note]
    return [line for note in each.notes for line in wrapped(note, NOTE, 1)]


def _middle(department: Middle, middle: float) -> Box:
    x, y, width = WIDTH / 2 - BOX / 2 + 36, middle - HEIGHT / 2, BOX - 72
    lines = wrapped(department.name, (width - 20) / LETTER, 2)
    first = middle + 5 - (len(lines) - 1) * LINE / 2
    words = [Words(x + 10, first + at * LINE, text) for at, text in enumerate(lines)]
    return Box(x, y, width, HEIGHT, department.hue, words)


def _neighbour(each: Neighbour, x: float, y: float, height: float) -> Box:
    """A name, and what is said of the services between."""
    name = wrapped(each.called.full, (BOX - 20) / LETTER, 1)
    words = [Words(x + 10, y + 21, text) for text in name]
    for at, text in enumerate(_noted(each)):
        words.append(Words(x + 10, y + 40 + at * LINE, text, small=True))
    hue = each.called.card.hue if each.called.card is not None else None
    return Box(x, y, BOX, height, hue, words, each.open)


def _ray(y: float, middle: float, *, is_left: bool, is_open: bool) -> Ray:
    """From provider to customer, always left to right."""
    inner = BOX / 2 - 36
    if is_left:
        start, end, y1, y2 = float(EDGE + BOX), WIDTH / 2 - inner, y, middle
    else:
        start, end, y1, y2 = WIDTH / 2 + inner, WIDTH - BOX - EDGE, middle, y
    bend = (start + end) / 2
    path = f"M{start:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {end - 6:g} {y2:g}"
    tip = f"{end:g},{y2:g} {end - 7:g},{y2 - 4:g} {end - 7:g},{y2 + 4:g}"
    return Ray(path, tip, is_open)
