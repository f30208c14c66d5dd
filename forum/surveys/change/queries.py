"""Reading what ideas promised and what came of it; only figures that are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.paging import Page, decode_cursor, page_of
from forum.core.site import site
from forum.departments.models import Department, Service
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.standards.models import Standard
from forum.surveys.change.comparing import Cell
from forum.surveys.change.models import IdeaMeasure, IdeaOutcome, IdeaPromise
from forum.surveys.figures.counts import Counts
from forum.surveys.figures.verdicts import Verdict, together
from forum.surveys.models import ItemVersion, Purpose, SurveyItem, Wave
from forum.surveys.results.models import WaveReport, WaveResult
from forum.surveys.results.told import counts_of
from forum.surveys.wordings import Asked as Item

CHANGES = 10
"""Changes on a page of the library."""


class After(NamedTuple):
    """A wave that asks again, and its verdict once it was reported on."""

    id: int
    opens_at: datetime
    closes_at: datetime
    state: str
    verdict: Verdict | None


class Promise(NamedTuple):
    """An item of a service, how it was before, and after in each wave that was reported on."""

    cell: Cell
    service: str
    provider: str
    item: Item
    before: Counts | None
    told: tuple[tuple[int, Counts | None, Verdict], ...]

    @property
    def after(self) -> dict[int, tuple[Counts | None, Verdict]]:
        """How it was after, by wave."""
        return {wave: (counts, verdict) for wave, counts, verdict in self.told}


@dataclass(frozen=True, slots=True)
class Change:
    """What an idea promised, and what came of it; `since` is None until it is measured. It is the
    same as another where nothing of it differs."""

    idea_id: int
    title: str
    lang: str
    since: date | None
    standard: str
    baseline_id: int | None
    promises: tuple[Promise, ...]
    waves: tuple[After, ...]

    @property
    def lacks_a_survey(self) -> bool:
        """Whether it is measured with fewer surveys than one before and two after."""
        return self.since is not None and (self.baseline_id is None or len(self.waves) < 2)

    @property
    def verdict(self) -> Verdict | None:
        """That of the last wave that was reported on."""
        said = [wave.verdict for wave in self.waves if wave.verdict is not None]
        return said[-1] if said else None


def changes_of(ids: Sequence[int]) -> dict[int, Change]:
    """What some ideas promised, whoever may see them. Five queries, one for none."""
    measures = _measures(ids)
    promised = _promised(ids)
    if not promised:
        return {}
    waves, outcomes = _waves(ids)
    figures = _figures(measures, waves, promised)
    return {
        idea_id: _change(idea_id, measures.get(idea_id), rows, waves, outcomes, figures)
        for idea_id, rows in promised.items()
    }


def measured(ids: Sequence[int]) -> frozenset[int]:
    """Those of some ideas that are measured. One query."""
    query = select(IdeaMeasure.idea_id).where(IdeaMeasure.idea_id.in_(ids))
    return frozenset(row[0] for row in read_columns(query))


def _measures(ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(IdeaMeasure.idea_id, IdeaMeasure.since, IdeaMeasure.baseline_id, Standard.number)
        .join(Standard, Standard.id == IdeaMeasure.standard_id)
        .where(IdeaMeasure.idea_id.in_(ids))
    )
    return {row[0]: row for row in db.session.execute(query)}


def _promised(ids: Sequence[int]) -> dict[int, list[Any]]:
    newest = (
        select(ItemVersion.item_id, ItemVersion.number, ItemVersion.en, ItemVersion.ru)
        .distinct()
        .order_by(ItemVersion.item_id, ItemVersion.number)
        .subquery()
    )
    query = (
        select(IdeaPromise.idea_id, IdeaPromise.service_id, Service.name, Department.name)
        .add_columns(Idea.title, Idea.lang, SurveyItem.id, SurveyItem.key, SurveyItem.kind)
        .add_columns(newest.c.number, newest.c.en, newest.c.ru)
        .join(Idea, Idea.id == IdeaPromise.idea_id)
        .join(Service, Service.id == IdeaPromise.service_id)
        .outerjoin(Department, Department.id == Service.provider_id)
        .join(SurveyItem, SurveyItem.id == IdeaPromise.item_id)
        .join(newest, newest.c.item_id == SurveyItem.id)
        .where(IdeaPromise.idea_id.in_(ids))
        .order_by(Service.name, Service.id, SurveyItem.position, SurveyItem.id, newest.c.number)
    )
    found: dict[int, dict[Cell, Any]] = defaultdict(dict)
    for row in db.session.execute(query):
        found[row[0]][row[1], row[6]] = row  # the newest wording comes last
    return {number: list(rows.values()) for number, rows in found.items()}


Outcomes = Mapping[tuple[int, int], Mapping[Cell, Verdict]]


def _waves(ids: Sequence[int]) -> tuple[dict[int, list[Any]], Outcomes]:
    waves: dict[int, list[Any]] = defaultdict(list)
    query = (
        select(Wave.idea_id, Wave.id, Wave.opens_at, Wave.closes_at, Wave.state)
        .where(Wave.idea_id.in_(ids), Wave.purpose == Purpose.AFTER)
        .order_by(Wave.opens_at, Wave.id)
    )
    for row in db.session.execute(query):
        waves[row[0] or 0].append(row)
    outcomes: dict[tuple[int, int], dict[Cell, Verdict]] = defaultdict(dict)
    cells = (IdeaOutcome.service_id, IdeaOutcome.item_id)
    said = select(IdeaOutcome.idea_id, IdeaOutcome.wave_id, *cells, IdeaOutcome.verdict)
    for idea_id, wave_id, *cell, verdict in db.session.execute(
        said.where(IdeaOutcome.idea_id.in_(ids))
    ):
        outcomes[idea_id, wave_id][cell[0], cell[1]] = Verdict(verdict)
    return waves, outcomes


def _figures(
    measures: Mapping[int, Any], waves: Mapping[int, list[Any]], promised: Mapping[int, list[Any]]
) -> dict[tuple[int, Cell], Counts]:
    """Figures of services in the waves before and after, by wave, service and item."""
    asked = {row[2] for row in measures.values()} | {w[1] for rows in waves.values() for w in rows}
    services = {row[1] for rows in promised.values() for row in rows}
    items = {row[6] for rows in promised.values() for row in rows}
    query = (
        select(WaveResult.wave_id, WaveResult.one, ItemVersion.item_id, WaveResult.counts)
        .join(ItemVersion, ItemVersion.id == WaveResult.version_id)
        .join(WaveReport, and_(WaveReport.wave_id == WaveResult.wave_id, WaveReport.ready))
        .where(
            WaveResult.wave_id.in_(asked - {None}),
            WaveResult.scope == "service",
            WaveResult.one.in_(services),
            ItemVersion.item_id.in_(items),
            WaveResult.people >= site().survey_k,
        )
    )
    return {(row[0], (row[1], row[2])): counts_of(row[3]) for row in db.session.execute(query)}


def _change(
    idea_id: int,
    measure: Any,
    rows: Sequence[Any],
    waves: Mapping[int, list[Any]],
    outcomes: Outcomes,
    figures: Mapping[tuple[int, Cell], Counts],
) -> Change:
    baseline: int = (measure[2] or 0) if measure is not None else 0
    cells: list[Cell] = [(row[1], row[6]) for row in rows]
    said = {
        row[1]: _said(outcomes.get((idea_id, row[1]), {}), cells, figures, (baseline, row[1]))
        for row in waves.get(idea_id, ())
    }
    after = [
        After(row[1], row[2], row[3], row[4], _overall(said[row[1]]))
        for row in waves.get(idea_id, ())
    ]
    promises = []
    for cell, row in zip(cells, rows, strict=True):
        item = Item(0, row[6], row[7], row[8], row[9], row[10], row[11])
        told = tuple(
            (wave.id, figures.get((wave.id, cell)), said[wave.id][cell])
            for wave in after
            if wave.verdict is not None
        )
        promises.append(
            Promise(cell, row[2], row[3] or "", item, figures.get((baseline, cell)), told)
        )
    since, number = (measure[1], measure[3]) if measure is not None else (None, "")
    named = (idea_id, rows[0][4], rows[0][5], since, number, baseline or None)
    return Change(*named, tuple(promises), tuple(after))


def _said(
    outcomes: Mapping[Cell, Verdict],
    cells: Sequence[Cell],
    figures: Mapping[tuple[int, Cell], Counts],
    waves: tuple[int, int],
) -> dict[Cell, Verdict]:
    """What a wave says of promises; too few where one of both figures is told no more. Nothing
    before it was reported on."""
    if not outcomes:
        return {}
    both = {cell for cell in cells if all((wave, cell) in figures for wave in waves)}
    return {
        cell: outcomes.get(cell, Verdict.TOO_FEW) if cell in both else Verdict.TOO_FEW
        for cell in cells
    }


def _overall(said: Mapping[Cell, Verdict]) -> Verdict | None:
    return together(list(said.values())) if said else None


def promised(idea_id: int) -> list[Cell]:
    """What an idea promised to move. One query."""
    query = select(IdeaPromise.service_id, IdeaPromise.item_id)
    query = query.where(IdeaPromise.idea_id == idea_id)
    query = query.order_by(IdeaPromise.service_id, IdeaPromise.item_id)
    return [(row[0], row[1]) for row in read_columns(query)]


def measured_ideas(reader: Person, *, after: str = "") -> Page[int]:
    """Accepted ideas that changed something or nothing, the newest first. One query."""
    query = (
        select(IdeaMeasure.since, IdeaMeasure.idea_id)
        .join(Idea, Idea.id == IdeaMeasure.idea_id)
        .where(listed_for(reader))
        .order_by(IdeaMeasure.since.desc(), IdeaMeasure.idea_id.desc())
        .limit(CHANGES + 1)
    )
    found = decode_cursor(after, (str, int))
    if found is not None:
        query = query.where(_before(found))
    rows = [(row[0], row[1]) for row in read_columns(query)]
    page = page_of(rows, CHANGES, lambda row: (str(row[0]), row[1]))
    return Page([number for _since, number in page.rows], page.next)


def _before(found: tuple[Any, ...]) -> Any:
    try:
        since = date.fromisoformat(found[0])
    except ValueError:
        since = date.max
    earlier = IdeaMeasure.since < since
    return or_(earlier, and_(IdeaMeasure.since == since, IdeaMeasure.idea_id < found[1]))
