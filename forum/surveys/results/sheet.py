"""What a wave says as a CSV file; written once for the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select, true

from forum.core.csvfiles import write_sheet
from forum.core.db import db
from forum.departments.models import Department
from forum.surveys.results import told as told_of
from forum.surveys.results.models import WaveFrame
from forum.surveys.results.told import Told
from forum.surveys.wordings import Asked as Item

KEPT = 8
"""Files that a process keeps, of half a megabyte each in a large company."""
COLUMNS = (
    *("scope", "one", "other", "name", "item", "version", "n", "mean", "low", "high"),
    *(str(value) for value in range(11)),
)


class Seen(NamedTuple):
    """All that a file follows from, also where one process serves several forums."""

    wave_id: int
    opened_at: datetime
    lines: str
    items: tuple[Item, ...]
    departments: tuple[tuple[int, str], ...]
    services: tuple[tuple[int, str], ...]


def file_of(told: Told) -> str:
    """Every figure of a wave that is told. Four queries."""
    wave = told.wave
    frame = select(WaveFrame.department_id).where(WaveFrame.wave_id == wave.id)
    query = select(Department.id, Department.name).where(Department.id.in_(frame))
    departments = [(row[0], row[1]) for row in db.session.execute(query.order_by(Department.id))]
    asked = told_of.services_of(wave.id, true())
    names = (tuple(departments), tuple((each.service_id, each.name) for each in asked))
    lines, items = told_of.lines_for_file(told), told_of.items_of(wave.id)
    return _written(Seen(wave.id, wave.opens_at, lines, tuple(items), *names))


@lru_cache(KEPT)
def _written(seen: Seen) -> str:
    return write_sheet(COLUMNS, _cells(seen))


def _cells(seen: Seen) -> Iterator[list[object]]:
    items = {item.version_id: item for item in seen.items}
    departments, services = dict(seen.departments), dict(seen.services)
    for scope, one, other, version_id, kept in sorted(map(_parted, seen.lines.splitlines())):
        item, counts = items[version_id], told_of.counts_of(kept)
        low, high = counts.interval
        names = [services.get(one, "")] if scope == "service" else [departments.get(one, "")]
        names += [departments.get(other, "")] if scope == "pair" else []
        numbers = dict(counts.pairs())
        figures = [f"{value:.3f}" for value in (counts.mean, low, high)]
        chosen = [numbers.get(value, "") for value in range(11)]
        name = " → ".join(names)
        yield [scope, one, other, name, item.key, item.number, counts.n, *figures, *chosen]


def _parted(line: str) -> tuple[str, int, int, int, str]:
    scope, one, other, version_id, counts = line.split(" ", 4)
    return scope, int(one), int(other), int(version_id), counts
