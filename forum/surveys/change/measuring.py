"""When the standard of an idea comes into force: how it was before, and when it is asked again.

All follows from rows, so it is done once however often it is looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, update

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
from forum.surveys.change.comparing import Cell
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.change.promising import hold
from forum.surveys.change.queries import promised
from forum.surveys.models import ItemVersion, Purpose, Wave
from forum.surveys.results.models import WaveReport, WaveResult
from forum.surveys.rows import add_missing

AFTER = (timedelta(weeks=6), timedelta(weeks=12))
"""When customers are asked again."""
TAKES = 10
"""Working days such a wave takes."""
LATELY = timedelta(days=400)
"""How old a survey before may be: a year, and a month for one that is held once a year."""
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
    said, measured = select(IdeaPromise.idea_id), select(IdeaMeasure.idea_id)
    query = (
        select(VersionIdea.idea_id, Idea.title, Idea.lang, Version.standard_id)
        .add_columns(Version.published_at)
        .join(Version, Version.id == VersionIdea.version_id)
        .join(Idea, Idea.id == VersionIdea.idea_id)
        .where(
            Version.state == VersionState.IN_FORCE,
            Version.published_at.is_not(None),
            VersionIdea.idea_id.in_(said),
            VersionIdea.idea_id.not_in(measured),
        )
        .order_by(VersionIdea.idea_id, Version.id)
        .limit(BATCH)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return [_Begun(*row) for row in rows]


def measure(begun: _Begun) -> None:
    """Freeze the waves before and plan those after, in one write."""
    since = company_day(begun.since)
    end_read()
    with transaction():
        hold(begun.idea_id)
        cells = promised(begun.idea_id)
        if not cells:  # taken back meanwhile
            return
        row = {"idea_id": begun.idea_id, "standard_id": begun.standard_id, "since": since}
        if not add_missing(IdeaMeasure, [row], IdeaMeasure.idea_id):
            return
        before = _before(begun)
        for cell, wave in before.items():
            _freeze(begun, [cell], wave.id)
        try:
            _plan(begun, cells, before, since)
        except Invalid:  # its services have ended meanwhile: it stays too few
            return
        record(facts.MEASURED, by=None, about=("idea", begun.idea_id))


class _Wave(NamedTuple):
    """A wave that says how something was before."""

    id: int
    closes_at: datetime


def _before(begun: _Begun) -> dict[Cell, _Wave]:
    """For each promise of an idea that has one the newest wave that told of it and ended before,
    not longer ago than `LATELY`. One query."""
    query = (
        select(IdeaPromise.service_id, IdeaPromise.item_id, Wave.id, Wave.closes_at)
        .join(WaveResult, WaveResult.one == IdeaPromise.service_id)
        .join(Wave, Wave.id == WaveResult.wave_id)
        .join(WaveReport, WaveReport.wave_id == Wave.id)
        .join(ItemVersion, ItemVersion.id == WaveResult.version_id)
        .where(
            IdeaPromise.idea_id == begun.idea_id,
            ItemVersion.item_id == IdeaPromise.item_id,
            WaveReport.ready,
            Wave.closes_at <= begun.since,
            Wave.closes_at >= begun.since - LATELY,
            WaveResult.scope == "service",
            WaveResult.people >= site().survey_k,
        )
        .order_by(Wave.closes_at, Wave.id)
    )
    # The newest comes last.
    return {(row[0], row[1]): _Wave(row[2], row[3]) for row in db.session.execute(query)}


def _freeze(begun: _Begun, cells: Sequence[Cell], wave_id: int) -> None:
    """From here on a wave says how these promises of an idea were before."""
    for service_id, item_id in cells:
        db.session.execute(
            update(IdeaPromise)
            .where(
                IdeaPromise.idea_id == begun.idea_id,
                IdeaPromise.service_id == service_id,
                IdeaPromise.item_id == item_id,
            )
            .values(baseline_id=wave_id)
        )


def _plan(begun: _Begun, cells: Sequence[Cell], before: Mapping[Cell, _Wave], since: date) -> None:
    """The waves of an idea: one before about what nobody was asked about lately, and those after.
    None opens while another still asks, since nobody is asked by two of the same service."""
    services = sorted({service for service, _item in cells})
    newest = max(before.values(), key=lambda wave: wave.closes_at, default=None)
    baseline = newest.id if newest is not None else None
    free = earliest = company_day() + timedelta(days=1)
    wave = _ask_before(begun, [cell for cell in cells if cell not in before], since)
    if wave is not None:
        baseline, free = wave.id, company_day(wave.closes_at)
        earliest = free
    for later in AFTER:
        on = max(since + later, earliest)
        if on >= free:
            free = company_day(_wave(begun, services, on, Purpose.AFTER, baseline, since).closes_at)


def _ask_before(begun: _Begun, unasked: Sequence[Cell], since: date) -> Wave | None:
    """Ask at once about promises that nobody was asked about lately; None where there are none, or
    their services have ended meanwhile."""
    services = sorted({service for service, _item in unasked})
    if not services:
        return None
    try:
        wave = _wave(begun, services, company_day(), Purpose.BASELINE, None, since)
    except Invalid:
        return None
    _freeze(begun, unasked, wave.id)
    return wave


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
