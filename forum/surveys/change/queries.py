"""Reading what ideas promised and what came of it; only figures that are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, false, func, or_, select

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.paging import Page, decode_cursor, page_of
from forum.core.site import site
from forum.departments.models import Department, Service
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.standards.models import Standard
from forum.surveys.change.comparing import Cell, Figure
from forum.surveys.change.models import IdeaMeasure, IdeaOutcome, IdeaPromise
from forum.surveys.figures.counts import Counts
from forum.surveys.figures.verdicts import Verdict, together
from forum.surveys.models import ItemVersion, Purpose, SurveyItem, Wave
from forum.surveys.results.models import WaveReport, WaveResult
from forum.surveys.results.told import counts_of
from forum.surveys.wordings import COLUMNS as WORDING
from forum.surveys.wordings import Asked as Item

CHANGES = 10
"""Changes on a page of the library."""


class After(NamedTuple):
    """A wave that asks again, and its verdict once it was reported on."""

    verdict: Verdict | None
    id: int
    title: str
    lang: str
    opens_at: datetime
    closes_at: datetime
    state: str


class Before(NamedTuple):
    """The wave that says how something was before, and whether its answers are counted."""

    id: int
    title: str
    lang: str
    opens_at: datetime
    closes_at: datetime
    state: str
    counted: bool


class Said(NamedTuple):
    """What was answered, and to which wording."""

    item: Item
    counts: Counts


def in_other_words(one: Said | None, other: Said | None) -> bool:
    """Whether two figures answer different wordings, and are not compared."""
    return bool(one and other and one.item.version_id != other.item.version_id)


class Promise(NamedTuple):
    """An item of a service in its newest wording, how it was before, None of both where no wave
    told of it lately, and after in each wave that was reported on."""

    cell: Cell
    service: str
    provider: str
    item: Item
    asked: Before | None
    before: Said | None
    told: tuple[tuple[int, Said | None, Verdict], ...]

    @property
    def after(self) -> dict[int, tuple[Said | None, Verdict]]:
        """How it was after, by wave."""
        return {wave: (said, verdict) for wave, said, verdict in self.told}


@dataclass(frozen=True, slots=True)
class Change:
    """What an idea promised, and what came of it; `since` is None until it is measured. It is the
    same as another where nothing of it differs."""

    idea_id: int
    title: str
    lang: str
    since: date | None
    standard: str
    promises: tuple[Promise, ...]
    waves: tuple[After, ...]

    @property
    def lacks_a_survey(self) -> bool:
        """Whether it is measured with fewer surveys than one before and two after."""
        unasked = any(promise.asked is None for promise in self.promises)
        return self.since is not None and (unasked or len(self.waves) < 2)

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
    told = _Told(waves, outcomes, _figures(waves, promised))
    return {
        idea_id: _change(idea_id, measures.get(idea_id), rows, told)
        for idea_id, rows in promised.items()
    }


def measured(ids: Sequence[int]) -> frozenset[int]:
    """Those of some ideas that are measured. One query."""
    query = select(IdeaMeasure.idea_id).where(IdeaMeasure.idea_id.in_(ids))
    return frozenset(row[0] for row in read_columns(query))


def _measures(ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(IdeaMeasure.idea_id, IdeaMeasure.since, Standard.number)
        .join(Standard, Standard.id == IdeaMeasure.standard_id)
        .where(IdeaMeasure.idea_id.in_(ids))
    )
    return {row[0]: row for row in db.session.execute(query)}


class _Promised(NamedTuple):
    """A promise as it is kept, with all wordings of its item, by version; the newest comes last."""

    cell: Cell
    asked: Before | None
    wordings: dict[int, Item]
    service: str
    provider: str | None
    title: str
    lang: str


def _promised(ids: Sequence[int]) -> dict[int, list[_Promised]]:
    query = (
        select(IdeaPromise.idea_id, IdeaPromise.service_id, IdeaPromise.item_id)
        .add_columns(Service.name, Department.name, Idea.title, Idea.lang)
        .add_columns(Wave.id, Wave.title, Wave.lang, Wave.opens_at, Wave.closes_at, Wave.state)
        .add_columns(func.coalesce(WaveReport.ready, false()), *WORDING)
        .join(Idea, Idea.id == IdeaPromise.idea_id)
        .join(Service, Service.id == IdeaPromise.service_id)
        .outerjoin(Department, Department.id == Service.provider_id)
        .outerjoin(Wave, Wave.id == IdeaPromise.baseline_id)
        .outerjoin(WaveReport, WaveReport.wave_id == Wave.id)
        .join(SurveyItem, SurveyItem.id == IdeaPromise.item_id)
        .join(ItemVersion, ItemVersion.item_id == SurveyItem.id)
        .where(IdeaPromise.idea_id.in_(ids))
        .order_by(Service.name, Service.id, SurveyItem.position, SurveyItem.id, ItemVersion.number)
    )
    found: dict[int, dict[Cell, _Promised]] = defaultdict(dict)
    for idea_id, service_id, item_id, *row in db.session.execute(query):
        asked = Before(*row[4:11]) if row[4] is not None else None
        item, cell = Item(*row[11:]), (service_id, item_id)
        promise = found[idea_id].setdefault(cell, _Promised(cell, asked, {}, *row[:4]))
        promise.wordings[item.version_id] = item
    return {number: list(rows.values()) for number, rows in found.items()}


Outcomes = Mapping[tuple[int, int], Mapping[Cell, Verdict]]


def _waves(ids: Sequence[int]) -> tuple[dict[int, list[Any]], Outcomes]:
    waves: dict[int, list[Any]] = defaultdict(list)
    query = (
        select(Wave.idea_id, Wave.id, Wave.title, Wave.lang)
        .add_columns(Wave.opens_at, Wave.closes_at, Wave.state)
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


class _Told(NamedTuple):
    """What waves tell of all promises that are looked at."""

    waves: Mapping[int, list[Any]]
    outcomes: Outcomes
    figures: Mapping[tuple[int, Cell], Figure]

    def said(self, wave_id: int | None, row: _Promised) -> Said | None:
        """What a wave tells of a promise."""
        figure = self.figures.get((wave_id or 0, row.cell))
        return Said(row.wordings[figure.version_id], figure.counts) if figure is not None else None


def _figures(
    waves: Mapping[int, list[Any]], promised: Mapping[int, list[_Promised]]
) -> dict[tuple[int, Cell], Figure]:
    """Figures of services in the waves before and after, by wave, service and item."""
    promises = [row for rows in promised.values() for row in rows]
    asked = {row.asked.id for row in promises if row.asked is not None}
    query = (
        select(WaveResult.wave_id, WaveResult.one, ItemVersion.item_id)
        .add_columns(WaveResult.version_id, WaveResult.counts)
        .join(ItemVersion, ItemVersion.id == WaveResult.version_id)
        .join(WaveReport, and_(WaveReport.wave_id == WaveResult.wave_id, WaveReport.ready))
        .where(
            WaveResult.wave_id.in_(asked | {wave[1] for rows in waves.values() for wave in rows}),
            WaveResult.scope == "service",
            WaveResult.one.in_({row.cell[0] for row in promises}),
            ItemVersion.item_id.in_({row.cell[1] for row in promises}),
            WaveResult.people >= site().survey_k,
        )
    )
    return {
        (row[0], (row[1], row[2])): Figure(row[3], counts_of(row[4]))
        for row in db.session.execute(query)
    }


def _change(idea_id: int, measure: Any, rows: Sequence[_Promised], told: _Told) -> Change:
    waves = told.waves.get(idea_id, [])
    verdicts = {row[1]: _verdicts(idea_id, row[1], rows, told) for row in waves}
    after = [After(_overall(verdicts[row[1]]), *row[1:]) for row in waves]
    promises = []
    for row in rows:
        before = told.said(row.asked.id if row.asked is not None else None, row)
        newest = list(row.wordings.values())[-1]
        later = tuple(
            (wave.id, told.said(wave.id, row), verdicts[wave.id][row.cell])
            for wave in after
            if wave.verdict is not None
        )
        named = (row.cell, row.service, row.provider or "", newest)
        promises.append(Promise(*named, row.asked, before, later))
    since, number = (measure[1], measure[2]) if measure is not None else (None, "")
    named_idea = (idea_id, rows[0].title, rows[0].lang, since, number)
    return Change(*named_idea, tuple(promises), tuple(after))


def _verdicts(
    idea_id: int, wave_id: int, rows: Sequence[_Promised], told: _Told
) -> dict[Cell, Verdict]:
    """What a wave says of promises; too few where one of both figures is told no more. Nothing
    before it was reported on."""
    outcomes = told.outcomes.get((idea_id, wave_id), {})
    if not outcomes:
        return {}
    return {
        row.cell: outcomes.get(row.cell, Verdict.TOO_FEW)
        if told.said(wave_id, row) and row.asked is not None and told.said(row.asked.id, row)
        else Verdict.TOO_FEW
        for row in rows
    }


def _overall(said: Mapping[Cell, Verdict]) -> Verdict | None:
    return together(list(said.values())) if said else None


def promised(idea_id: int) -> list[Cell]:
    """What an idea promised to move. One query."""
    query = select(IdeaPromise.service_id, IdeaPromise.item_id)
    query = query.where(IdeaPromise.idea_id == idea_id)
    query = query.order_by(IdeaPromise.service_id, IdeaPromise.item_id)
    return [(row[0], row[1]) for row in read_columns(query)]


def every_measured(reader: Person) -> list[int]:
    """All accepted ideas that are measured, the newest first. One query."""
    query = (
        select(IdeaMeasure.idea_id)
        .join(Idea, Idea.id == IdeaMeasure.idea_id)
        .where(listed_for(reader))
        .order_by(IdeaMeasure.since.desc(), IdeaMeasure.idea_id.desc())
    )
    return list(db.session.scalars(query))


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
