"""What pages of results show; each has a number of queries that does not grow with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, true

from forum.core.csvfiles import sheet_parts
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.i18n import _, day, lazy, local_day, ngettext, number
from forum.departments.models import Department
from forum.standards.models import Standard, Version, VersionState
from forum.surveys.figures.counts import Counts
from forum.surveys.models import ItemKind, WaveService
from forum.surveys.results import told as told_of
from forum.surveys.results.atoms import ALL, Node
from forum.surveys.results.drawing import Bars, Line, Point, bars_of, line_of
from forum.surveys.results.models import WaveFrame
from forum.surveys.results.told import Asked, Item, Overall, Then, Told

SHOWN = ("service", "provider", "customer", "tree")
"""Kinds of wholes with a page; the map shows pairs."""
COLUMNS = (
    *("scope", "one", "other", "name", "item", "version", "n", "mean", "low", "high"),
    *(str(value) for value in range(11)),
)
WAS_IN_FORCE = (VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.RETIRED)
MARKERS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """An item with its figure, None where it may not be told."""

    item: Item
    counts: Counts | None
    mean: str = ""
    within: str = ""
    bars: Bars | None = None


def row_of(item: Item, counts: Counts | None) -> Row:
    """An item as its line of the table."""
    if counts is None:
        return Row(item, None)
    return Row(item, counts, *said(item.kind, counts), bars_of(counts))


def said(kind: str, counts: Counts) -> tuple[str, str]:
    """A figure in words, and within what the true one lies."""
    if kind == ItemKind.RECOMMEND:
        share = round(100 * counts.recommending / counts.n)
        ends = "–".join(str(round(100 * end)) for end in counts.recommend_interval)
        return _("%(share)d %% would", share=share), f"{ends} %"
    low, high = counts.interval
    return number(counts.mean, 1), f"{number(low, 1)}–{number(high, 1)}"


class Part(NamedTuple):
    """A part of a whole, or a whole it is part of, with its figure in a word."""

    name: str
    url: str
    told: str
    note: str = ""


def results_page(told: Told, node: Node) -> dict[str, Any]:
    """What a page shows of one whole of a wave. Eleven queries at most."""
    asked = _asked(told, node)
    departments = _departments(asked, node)
    items = told_of.items_of(told.wave.id)
    figures = told_of.figures_of(told, node)
    then = told_of.trend_of(node)
    markers = _markers(node, asked, then)
    return {
        "wave": told.wave,
        "told": told,
        "node": node,
        "name": name_of(node, asked, departments),
        "rows": [row_of(item, figures.get(item.version_id)) for item in items],
        "parts": _parts(told, node, asked, departments),
        "voices": told_of.voices_of(told, node),
        "provider_id": asked[0].provider_id if node[0] in ("service", "provider") else None,
        "trends": _trends(items, then, markers),
        "markers": markers,
    }


def _asked(told: Told, node: Node) -> list[Asked]:
    """The services of a whole; NotFound where the wave asked about none of it."""
    scope, one = node[0], node[1]
    which: Mapping[str, ColumnElement[bool]] = {
        "service": WaveService.service_id == one,
        "provider": WaveService.provider_id == one,
        "customer": WaveService.customer_id == one,
        "tree": _below(told.wave.id, one),
        "all": true(),
    }
    found = told_of.services_of(told.wave.id, which[scope])
    if not found and scope != "all":
        raise NotFound
    return found


def _below(wave_id: int, department_id: int) -> ColumnElement[bool]:
    """Services of a department and all that were below it on the day it opened."""
    frame = select(WaveFrame.department_id, WaveFrame.parent_id).where(WaveFrame.wave_id == wave_id)
    tree = frame.subquery()
    below = select(tree.c.department_id).where(tree.c.department_id == department_id)
    found = below.cte("below", recursive=True)
    children = select(tree.c.department_id).join(found, tree.c.parent_id == found.c.department_id)
    return WaveService.provider_id.in_(select(found.union(children).c.department_id))


Names = Mapping[int, str]


def _departments(asked: Sequence[Asked], node: Node) -> Names:
    """How the departments of a page are called today. One query."""
    ids = {each.provider_id for each in asked} | {each.customer_id for each in asked}
    ids |= {node[1]} if node[0] not in ("service", "all") else set()
    query = select(Department.id, Department.name).where(Department.id.in_(ids - {None}))
    return {row[0]: row[1] for row in db.session.execute(query)}


TITLES = {
    "provider": lazy("%(name)s as the one who serves"),
    "customer": lazy("%(name)s as the one who is served"),
    "tree": lazy("%(name)s and the departments below it"),
}


def name_of(node: Node, asked: Sequence[Asked], departments: Names) -> str:
    """What a whole is called."""
    if node == ALL:
        return _("All services together")
    if node[0] == "service":
        return asked[0].name
    return str(TITLES[node[0]]) % {"name": departments.get(node[1], "–")}


def _parts(
    told: Told, node: Node, asked: Sequence[Asked], departments: Names
) -> list[tuple[str, list[Part]]]:
    """The tables of parts below a whole, each with its heading. One query, two for everything."""
    wanted = PARTS_OF.get(node[0], ("service",))
    which = {number for scope in wanted for number in _numbers(asked, scope)}
    overall = told_of.overall_of(told, wanted, None if node == ALL else which)
    tables = [
        (str(HEADINGS[scope]), list(_lines(told, scope, asked, departments, overall)))
        for scope in wanted
    ]
    return [*tables, *_levels(told, node)]


def _levels(told: Told, node: Node) -> list[tuple[str, list[Part]]]:
    """Departments that had others below them, each with all of these. One query, or none."""
    if node != ALL:
        return []
    lines = [
        Part(name, address(told.wave.id, ("tree", one, 0)), _told(overall))
        for one, name, overall in told_of.levels_of(told)
    ]
    return [(_("With all departments below"), lines)]


PARTS_OF = {
    "all": ("provider", "customer"),
    "tree": ("provider",),
    "service": ("provider", "customer"),
}
HEADINGS = {
    "provider": lazy("Who serves"),
    "customer": lazy("Who is served"),
    "service": lazy("Services"),
}


def _numbers(asked: Sequence[Asked], scope: str) -> set[int]:
    return {number for each in asked if (number := _number(each, scope)) is not None}


def _number(each: Asked, scope: str) -> int | None:
    numbers = {"service": each.service_id, "provider": each.provider_id}
    return numbers.get(scope, each.customer_id)


def _lines(
    told: Told, scope: str, asked: Iterable[Asked], names: Names, overall: Mapping[Any, Overall]
) -> Iterator[Part]:
    lines: dict[int, tuple[str, str]] = {}
    for each in asked:
        one = _number(each, scope)
        if one is not None and scope == "service":
            lines[one] = (each.name, f"{each.provider_name} → {each.customer_name}")
        elif one is not None:
            lines[one] = (names.get(one, "–"), "")
    for one, (name, note) in sorted(lines.items(), key=lambda line: (line[1], line[0])):
        url = address(told.wave.id, (scope, one, 0))
        yield Part(name, url, _told(overall.get((scope, one))), note)


def _told(figure: Overall | None) -> str:
    if figure is None:
        return _("too few answers")
    n = ngettext("%(num)d answer", "%(num)d answers", figure.n)
    return f"{number(figure.mean, 1)} · {n}"


def address(wave_id: int, node: Node) -> str:
    """Where a whole has its page."""
    base = f"/surveys/{wave_id}/results"
    return base if node == ALL else f"{base}/{node[0]}/{node[1]}"


class Marker(NamedTuple):
    """A version of a standard that came into force between two waves."""

    on: date
    day: str
    number: str
    title: str
    lang: str
    version: int


def _markers(node: Node, asked: Sequence[Asked], then: Sequence[Then]) -> list[Marker]:
    """What the department that serves put in force while the trend runs. One query, or none."""
    owners = {each.provider_id for each in asked} - {None}
    if len(then) < 2 or node[0] not in ("service", "provider"):
        return []
    query = (
        select(Version.published_at, Standard.number, Version.title, Version.lang, Version.number)
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            Version.state.in_(WAS_IN_FORCE),
            or_(Version.owner_department_id.in_(owners), Standard.owner_department_id.in_(owners)),
            Version.published_at.between(then[0].closed_at, then[-1].closed_at),
        )
        .order_by(Version.published_at.desc())
        .limit(MARKERS)
    )
    rows: list[Any] = [*db.session.execute(query)][::-1]
    return [Marker(local_day(row[0]), day(row[0]), *row[1:]) for row in rows]


class Trend(NamedTuple):
    """An item over the waves: the picture, and the table behind it."""

    words: str
    line: Line | None
    rows: list[tuple[Then, str, str, int, int]]


def _trends(items: Sequence[Item], then: Sequence[Then], markers: Sequence[Marker]) -> list[Trend]:
    found = []
    for item in items:
        rows = [(each, *each.figures[item.key]) for each in then if item.key in each.figures]
        if len(rows) > 1:
            lines = [
                (each, *said(item.kind, counts), counts.n, version)
                for each, version, counts in rows
            ]
            found.append(Trend(item.words, _line(rows, markers), lines))
    return found


def _line(rows: Sequence[tuple[Then, int, Counts]], markers: Sequence[Marker]) -> Line | None:
    points, before = [], rows[0][1]
    for each, version, counts in rows:
        points.append(Point(each.ended_on, counts.mean, counts.interval, version != before))
        before = version
    scale = rows[0][2].values
    return line_of(points, scale, [(marker.on, marker.number) for marker in markers])


def file_of(told: Told) -> Iterator[str]:
    """Every figure of a wave that is told, as a CSV file in parts. Four queries."""
    asked = told_of.services_of(told.wave.id, true())
    frame = select(WaveFrame.department_id).where(WaveFrame.wave_id == told.wave.id)
    query = select(Department.id, Department.name).where(Department.id.in_(frame))
    departments = {row[0]: row[1] for row in db.session.execute(query)}
    services = {each.service_id: each.name for each in asked}
    return sheet_parts(COLUMNS, _cells(told, services, departments))


def _cells(told: Told, services: Names, departments: Names) -> Iterator[list[object]]:
    for scope, one, other, kept, key, _kind, version, *_words in told_of.rows_for_file(told):
        counts = told_of.counts_of(kept)
        low, high = counts.interval
        names = [services.get(one, "")] if scope == "service" else [departments.get(one, "")]
        names += [departments.get(other, "")] if scope == "pair" else []
        numbers = dict(counts.pairs())
        figures = [f"{value:.3f}" for value in (counts.mean, low, high)]
        chosen = [numbers.get(value, "") for value in range(11)]
        yield [scope, one, other, " → ".join(names), key, version, counts.n, *figures, *chosen]
