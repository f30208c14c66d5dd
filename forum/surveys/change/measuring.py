"""When the standard of an idea comes into force: how it was before, and when it is asked again.

All follows from rows, so it is done once however often it is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from forum.core.calendar import add_working_days, company_day
from forum.core.db import db, end_read, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import LOCALES, _, ngettext, speaking
from forum.core.jobs import each_alone
from forum.core.modules import is_on
from forum.core.site import site
from forum.ideas.models import Idea
from forum.standards.models import Version, VersionIdea, VersionState
from forum.surveys import planning
from forum.surveys.change import facts
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.change.promising import hold
from forum.surveys.models import Purpose, Wave
from forum.surveys.results.models import WaveReport, WaveResult
from forum.surveys.rows import add_missing

AFTER = (timedelta(weeks=6), timedelta(weeks=12))
"""When customers are asked again."""
TAKES = 10
"""Working days such a wave takes."""
BATCH = 50


class _Begun(NamedTuple):
    """An idea whose standard is in force, and since when."""

    idea_id: int
    title: str
    lang: str
    standard_id: int
    since: datetime


def sweep() -> None:
    """Measure what came into force; nothing while the module is off."""
    if is_on("surveys"):
        # Of several standards of an idea the first counts.
        begun = {each.idea_id: each for each in reversed(_begun())}
        each_alone("survey-changes", begun, lambda number: measure(begun[number]))


def _begun() -> list[_Begun]:
    """Ideas that promise something, whose standard has come into force and that are not measured.
    One query."""
    promised, measured = select(IdeaPromise.idea_id), select(IdeaMeasure.idea_id)
    query = (
        select(VersionIdea.idea_id, Idea.title, Idea.lang, Version.standard_id)
        .add_columns(Version.published_at)
        .join(Version, Version.id == VersionIdea.version_id)
        .join(Idea, Idea.id == VersionIdea.idea_id)
        .where(
            Version.state == VersionState.IN_FORCE,
            Version.published_at.is_not(None),
            VersionIdea.idea_id.in_(promised),
            VersionIdea.idea_id.not_in(measured),
        )
        .order_by(VersionIdea.idea_id, Version.id)
        .limit(BATCH)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return [_Begun(*row) for row in rows]


def measure(begun: _Begun) -> None:
    """Freeze the wave before and plan those after, in one write."""
    query = select(IdeaPromise.service_id).where(IdeaPromise.idea_id == begun.idea_id)
    since = company_day(begun.since)
    end_read()
    with transaction():
        hold(begun.idea_id)
        services = list(db.session.scalars(query.distinct().order_by(IdeaPromise.service_id)))
        if not services:  # taken back meanwhile
            return
        baseline = _baseline(services, begun.since)
        row = {
            "idea_id": begun.idea_id,
            "standard_id": begun.standard_id,
            "since": since,
            "baseline_id": baseline,
        }
        if not add_missing(IdeaMeasure, [row], IdeaMeasure.idea_id):
            return
        try:
            _plan(begun, services, baseline, since)
        except Invalid:  # its services have ended meanwhile: it stays too few
            return
        record(facts.MEASURED, by=None, about=("idea", begun.idea_id))


def _baseline(services: Sequence[int], before: datetime) -> int | None:
    """The newest wave that ended before and tells something of most of these services. One
    query."""
    told = func.count(WaveResult.one.distinct())
    query = (
        select(Wave.id)
        .join(WaveReport, WaveReport.wave_id == Wave.id)
        .join(WaveResult, WaveResult.wave_id == Wave.id)
        .where(
            WaveReport.ready,
            Wave.closes_at <= before,
            WaveResult.scope == "service",
            WaveResult.one.in_(services),
        )
        .group_by(Wave.id, Wave.closes_at)
        .order_by(told.desc(), Wave.closes_at.desc(), Wave.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _plan(begun: _Begun, services: Sequence[int], baseline: int | None, since: date) -> None:
    """The waves of an idea: one before where nobody was asked yet, and those after. None opens
    while another still asks, since nobody is asked by two of the same service."""
    free = earliest = company_day() + timedelta(days=1)
    if baseline is None:
        wave = _wave(begun, services, company_day(), Purpose.BASELINE, None, since)
        row = db.session.get_one(IdeaMeasure, begun.idea_id)
        row.baseline_id = baseline = wave.id
        free = earliest = company_day(wave.closes_at)
    for later in AFTER:
        on = max(since + later, earliest)
        if on >= free:
            free = company_day(_wave(begun, services, on, Purpose.AFTER, baseline, since).closes_at)


def title_of(idea: str, lang: str, purpose: Purpose, later: timedelta) -> str:
    """What a survey for an idea is called, in the idea's language; one after tells how many weeks
    after."""
    with speaking(lang if lang in LOCALES else site().default_locale):
        title = _("Before: %(idea)s", idea=idea)
        if purpose == Purpose.AFTER:
            weeks = later.days // 7
            title = ngettext(
                "After %(num)d week: %(idea)s", "After %(num)d weeks: %(idea)s", weeks, idea=idea
            )
    return title[:200]


def _wave(
    begun: _Begun,
    services: Sequence[int],
    on: date,
    purpose: Purpose,
    baseline: int | None,
    since: date,
) -> Wave:
    opens = add_working_days(on, 0)
    wanted = planning.Wanted(
        title=title_of(begun.title, begun.lang, purpose, on - since),
        opens_on=opens,
        closes_on=add_working_days(opens, TAKES - 1),
        services=services,
        months=1,
        purpose=purpose,
        idea_id=begun.idea_id,
        baseline_id=baseline,
    )
    return planning.plan(None, wanted)
