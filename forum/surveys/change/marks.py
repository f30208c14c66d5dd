"""By what changes that were drawn are known again: all that is told of them, as one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, and_, bindparam, or_, select, union

from forum.core.db import read_columns
from forum.core.kept import lines
from forum.core.site import site
from forum.departments.models import Department, Service
from forum.ideas.models import Idea
from forum.standards.models import Standard
from forum.surveys.change.models import IdeaMeasure, IdeaOutcome, IdeaPromise
from forum.surveys.models import ItemVersion, Purpose, SurveyItem, Wave
from forum.surveys.results.models import WaveReport, WaveResult

IDEAS = bindparam("ideas", expanding=True, type_=BigInteger)
_AFTER = (Wave.idea_id.in_(IDEAS), Wave.purpose == Purpose.AFTER)
_ITEMS = select(IdeaPromise.item_id).where(IdeaPromise.idea_id.in_(IDEAS))
_SERVICES = select(IdeaPromise.service_id).where(IdeaPromise.idea_id.in_(IDEAS))
_BEFORE = select(IdeaPromise.baseline_id).where(IdeaPromise.idea_id.in_(IDEAS))
_ASKED: Any = union(_BEFORE, select(Wave.id).where(*_AFTER))
_PROMISED = (
    select(
        lines(
            *(IdeaPromise.idea_id, Idea.title, Idea.lang, Service.id, Service.name),
            *(Department.name, SurveyItem.id, SurveyItem.key, SurveyItem.kind),
            *(SurveyItem.position, IdeaPromise.baseline_id),
        )
    )
    .join(Idea, Idea.id == IdeaPromise.idea_id)
    .join(Service, Service.id == IdeaPromise.service_id)
    .outerjoin(Department, Department.id == Service.provider_id)
    .join(SurveyItem, SurveyItem.id == IdeaPromise.item_id)
    .where(IdeaPromise.idea_id.in_(IDEAS))
)
_WORDS = select(
    lines(
        *(ItemVersion.id, ItemVersion.item_id, ItemVersion.number),
        *(ItemVersion.en, ItemVersion.ru),
    )
).where(ItemVersion.item_id.in_(_ITEMS))
_MEASURES = (
    select(lines(IdeaMeasure.idea_id, IdeaMeasure.since, Standard.number))
    .join(Standard, Standard.id == IdeaMeasure.standard_id)
    .where(IdeaMeasure.idea_id.in_(IDEAS))
)
_WAVES = (
    select(
        lines(
            *(Wave.idea_id, Wave.purpose, Wave.id, Wave.title, Wave.lang),
            *(Wave.opens_at, Wave.closes_at, Wave.state, WaveReport.ready),
        )
    )
    .outerjoin(WaveReport, WaveReport.wave_id == Wave.id)
    .where(or_(and_(*_AFTER), Wave.id.in_(_BEFORE)))
)
_OUTCOMES = select(
    lines(
        *(IdeaOutcome.idea_id, IdeaOutcome.wave_id, IdeaOutcome.service_id),
        *(IdeaOutcome.item_id, IdeaOutcome.verdict),
    )
).where(IdeaOutcome.idea_id.in_(IDEAS))
_FIGURES = (
    select(lines(WaveResult.wave_id, WaveResult.one, WaveResult.version_id, WaveResult.counts))
    .join(WaveReport, WaveReport.wave_id == WaveResult.wave_id)
    .where(
        WaveResult.wave_id.in_(_ASKED),
        WaveResult.scope == "service",
        WaveResult.one.in_(_SERVICES),
        WaveResult.people >= bindparam("k", type_=Integer),
        WaveReport.ready,
    )
)
PARTS = (_PROMISED, _WORDS, _MEASURES, _WAVES, _OUTCOMES, _FIGURES)
MARK = select(*(part.scalar_subquery() for part in PARTS))


def mark(ideas: Sequence[int]) -> tuple[Any, ...] | None:
    """What is another whenever anything is that is told of what these ideas promised; none where
    they promised nothing. One query."""
    row = read_columns(MARK, {"ideas": list(ideas), "k": site().survey_k}).one()
    return (*ideas, *row) if row[0] else None
