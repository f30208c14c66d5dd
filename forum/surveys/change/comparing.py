"""What a wave says against another, told once from figures that are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from forum.core.db import db, end_read, transaction
from forum.core.jobs import each_alone
from forum.core.site import site
from forum.surveys.change.models import IdeaMeasure, IdeaOutcome, IdeaPromise, RelationFall
from forum.surveys.figures.counts import Counts
from forum.surveys.figures.verdicts import Compared, Verdict, verdicts
from forum.surveys.models import ItemVersion, Purpose, Wave, WaveService
from forum.surveys.results.models import WaveReport, WaveResult
from forum.surveys.results.newest import NEWEST_FIRST
from forum.surveys.results.told import counts_of
from forum.surveys.rows import add_missing

BATCH = 200
Cell = tuple[int, int]
"""A service and an item."""


class Figure(NamedTuple):
    """A figure with the wording that was answered; others are not compared."""

    version_id: int
    counts: Counts


Figures = Mapping[Cell, Figure]


def figures_in(
    wave_id: int | None,
    services: Collection[int] | None = None,
    *,
    being_told: bool = False,
) -> Figures:
    """What a wave tells of services today, by service and item; of one that is just `being_told`
    also before anybody reads it. One query, none for no wave."""
    if wave_id is None:
        return {}
    query = (
        select(WaveResult.one, ItemVersion.item_id, WaveResult.version_id, WaveResult.counts)
        .join(ItemVersion, ItemVersion.id == WaveResult.version_id)
        .join(WaveReport, WaveReport.wave_id == WaveResult.wave_id)
        .where(
            WaveResult.wave_id == wave_id,
            WaveResult.scope == "service",
            WaveResult.people >= site().survey_k,
            true() if being_told else WaveReport.ready,
        )
    )
    if services is not None:
        query = query.where(WaveResult.one.in_(list(services)))
    rows = db.session.execute(query)
    return {(row[0], row[1]): Figure(row[2], counts_of(row[3])) for row in rows}


def compared(before: Figures, after: Figures, cells: Sequence[Cell]) -> list[Compared]:
    """Both sides of some cells, as far as they were told and asked in the same words."""
    found = []
    for cell in cells:
        one, other = before.get(cell), after.get(cell)
        if one is None or other is None or one.version_id != other.version_id:
            found.append(Compared(None, None))
        else:
            found.append(Compared(one.counts, other.counts))
    return found


def follow(wave_id: int) -> None:
    """What follows when a wave is reported on; again changes nothing."""
    wave = db.session.get_one(Wave, wave_id)
    if wave.purpose == Purpose.AFTER and wave.idea_id is not None:
        settle(wave.idea_id, wave_id)
    elif wave.purpose == Purpose.REGULAR:
        look_for_falls(wave)


def sweep() -> None:
    """Say what was not said yet of waves after a change that were reported on."""
    query = (
        select(Wave.id, Wave.idea_id)
        .join(WaveReport, WaveReport.wave_id == Wave.id)
        .join(IdeaMeasure, IdeaMeasure.idea_id == Wave.idea_id)
        .where(
            Wave.purpose == Purpose.AFTER,
            WaveReport.ready,
            Wave.idea_id.in_(select(IdeaPromise.idea_id)),
            Wave.id.not_in(select(IdeaOutcome.wave_id)),
        )
        .order_by(Wave.id)
    )
    waiting = {row[0]: row[1] or 0 for row in db.session.execute(query)}
    each_alone("survey-verdicts", waiting, lambda wave_id: settle(waiting[wave_id], wave_id))


def settle(idea_id: int, wave_id: int) -> None:
    """Say of each promise of an idea what the wave says of it."""
    measure = db.session.get(IdeaMeasure, idea_id)
    columns = (IdeaPromise.service_id, IdeaPromise.item_id, IdeaPromise.baseline_id)
    query = select(*columns).where(IdeaPromise.idea_id == idea_id).order_by(*columns[:2])
    baselines = {(row[0], row[1]): row[2] for row in db.session.execute(query)}
    if measure is None or not baselines:
        return
    cells = list(baselines)
    said = verdicts(compared(_before(baselines), figures_in(wave_id, being_told=True), cells))
    rows = [
        {
            "idea_id": idea_id,
            "wave_id": wave_id,
            "service_id": service_id,
            "item_id": item_id,
            "verdict": verdict,
        }
        for (service_id, item_id), verdict in zip(cells, said, strict=True)
    ]
    end_read()
    with transaction():
        add_missing(IdeaOutcome, rows)


def _before(baselines: Mapping[Cell, int | None]) -> Figures:
    """How each promise was in the wave that was kept for it. A query a wave."""
    told = {wave_id: figures_in(wave_id) for wave_id in {*baselines.values()}}
    found = ((cell, told[wave_id].get(cell)) for cell, wave_id in baselines.items())
    return {cell: figure for cell, figure in found if figure is not None}


def look_for_falls(wave: Wave) -> None:
    """Services that got worse since the regular wave that told of them before. All items of all
    services between two departments are tested together, so that a relation is rarely blamed by
    chance."""
    before, after = figures_before(wave), figures_in(wave.id, being_told=True)
    rows = [
        {
            "wave_id": wave.id,
            "service_id": service_id,
            "provider_id": provider,
            "customer_id": customer,
        }
        for (provider, customer), cells in _relations(wave.id, after).items()
        for service_id in _worse(before, after, cells)
    ]
    end_read()
    for start in range(0, len(rows), BATCH):
        with transaction():
            add_missing(RelationFall, rows[start : start + BATCH])


def figures_before(wave: Wave) -> Figures:
    """What was told last, before a wave, of each item of its services by a regular one: not every
    wave asks about all of them. One query."""
    newest = func.row_number().over(
        partition_by=(WaveResult.one, ItemVersion.item_id), order_by=NEWEST_FIRST
    )
    asked = select(WaveService.service_id).where(WaveService.wave_id == wave.id)
    told = (
        select(WaveResult.one, ItemVersion.item_id, WaveResult.version_id, WaveResult.counts)
        .add_columns(newest.label("place"))
        .join(ItemVersion, ItemVersion.id == WaveResult.version_id)
        .join(Wave, Wave.id == WaveResult.wave_id)
        .join(WaveReport, WaveReport.wave_id == WaveResult.wave_id)
        .where(
            WaveReport.ready,
            Wave.purpose == Purpose.REGULAR,
            _ended_before(wave),
            WaveResult.scope == "service",
            WaveResult.one.in_(asked),
            WaveResult.people >= site().survey_k,
        )
        .subquery()
    )
    rows = db.session.execute(select(*list(told.c)[:-1]).where(told.c.place == 1))
    return {(row[0], row[1]): Figure(row[2], counts_of(row[3])) for row in rows}


def _ended_before(wave: Wave) -> ColumnElement[bool]:
    """Waves that ended before it, in the order of `NEWEST_FIRST`."""
    together = and_(Wave.closes_at == wave.closes_at, Wave.id < wave.id)
    return or_(Wave.closes_at < wave.closes_at, together)


def _relations(wave_id: int, figures: Figures) -> dict[tuple[int, int], list[Cell]]:
    """The figures of a wave by who serves whom. One query."""
    query = select(WaveService.service_id, WaveService.provider_id, WaveService.customer_id)
    sides = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(query.where(WaveService.wave_id == wave_id))
    }
    found: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    for cell in sorted(figures):
        provider, customer = sides[cell[0]]
        if provider is not None and customer is not None:
            found[provider, customer].append(cell)
    return found


def _worse(before: Figures, after: Figures, cells: Sequence[Cell]) -> list[int]:
    sides = compared(before, after, cells)
    fell = any(s.before and s.after and s.after.figure < s.before.figure for s in sides)
    said = verdicts(sides) if fell else []
    worse = {cell[0] for cell, word in zip(cells, said, strict=False) if word == Verdict.WORSE}
    return sorted(worse)
