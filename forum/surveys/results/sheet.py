"""What a wave says as a CSV file; written once for the same figures."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, true

from forum.core.csvfiles import write_sheet
from forum.core.db import db, read_columns
from forum.core.kept import Keeper, lines
from forum.departments.models import Department
from forum.surveys.figures.counts import Range
from forum.surveys.models import ItemVersion, SurveyItem, WaveItem, WaveService
from forum.surveys.results import told as told_of
from forum.surveys.results.models import WaveFrame
from forum.surveys.results.told import THIS, Figures, Told

COLUMNS = (
    *("scope", "one", "other", "name", "item", "version", "n", "mean", "low", "high"),
    *("share", "share_low", "share_high"),
    *(str(value) for value in range(11)),
)
_PLACES = Department.id.in_(select(WaveFrame.department_id).where(WaveFrame.wave_id == THIS))
_NAMES = (
    select(lines(Department.id, Department.name)).where(_PLACES),
    select(lines(WaveService.service_id, WaveService.name)).where(WaveService.wave_id == THIS),
    select(lines(ItemVersion.id, ItemVersion.number, SurveyItem.key))
    .join(SurveyItem, SurveyItem.id == ItemVersion.item_id)
    .join(WaveItem, WaveItem.version_id == ItemVersion.id)
    .where(WaveItem.wave_id == THIS),
)
NAMES = select(*(part.scalar_subquery() for part in _NAMES))
"""What everything is called in a file."""

kept = Keeper("results-file", most=8)
"""Files of half a megabyte each in a large company."""


def file_of(told: Told) -> bytes:
    """Every figure of a wave that is told. Two queries, three more where it was not written
    before."""
    figures, names = told_of.figures_for_file(told), read_columns(NAMES, {"wave": told.wave.id})
    key = (told.wave.id, figures, *names.one())
    return kept(key, lambda: write_sheet(COLUMNS, _cells(told.wave.id, figures)).encode())


def _cells(wave_id: int, figures: Figures) -> Iterator[list[object]]:
    items = {item.version_id: item for item in told_of.items_of(wave_id)}
    services = {each.service_id: each.name for each in told_of.services_of(wave_id, true())}
    departments = _departments(wave_id)
    for scope, one, other, version_id, *counted in sorted(_parted(figures)):
        item, counts = items[version_id], told_of.counts_of(*counted)
        names = [services.get(one, "")] if scope == "service" else [departments.get(one, "")]
        names += [departments.get(other, "")] if scope == "pair" else []
        numbers = dict(counts.pairs())
        said = [counts.n, f"{counts.mean:.3f}", *ends_of(counts.interval)]
        share = (
            [f"{counts.figure:.3f}", *ends_of(counts.within)] if counts.tells_share else [""] * 3
        )
        said += share
        chosen = [numbers.get(value, "") for value in range(11)]
        name = " → ".join(names)
        yield [scope, one, other, name, item.key, item.number, *said, *chosen]


def ends_of(within: Range | None) -> list[str]:
    """Within what a figure lies, as files have it; empty where that is not known."""
    return [f"{end:.3f}" for end in within] if within else ["", ""]


def _departments(wave_id: int) -> dict[int, str]:
    query = select(Department.id, Department.name).where(_PLACES)
    return {row[0]: row[1] for row in db.session.execute(query, {"wave": wave_id})}


def _parted(figures: Figures) -> Iterator[tuple[str, int, int, int, str, int]]:
    for scope, *columns in figures:
        for *numbers, counts, worth in zip(*map(str.splitlines, columns), strict=True):
            one, other, version_id = map(int, numbers)
            yield scope, one, other, version_id, counts, int(worth)
