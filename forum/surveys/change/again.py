"""Surveys before and after an idea that moderators cancelled: told, and planned again.

What was cancelled is in the log of the idea; whom it asked follows from what the idea promised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.calendar import add_working_days, company_day, midnight
from forum.core.db import db, read_columns, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import Event, record
from forum.core.i18n import _, day, lazy
from forum.ideas.models import Idea
from forum.surveys import planning
from forum.surveys.change import facts
from forum.surveys.change.measuring import TAKES, title_of
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.change.promising import hold
from forum.surveys.models import Purpose, Wave, WaveState
from forum.surveys.policy import may_plan

WEEK = timedelta(weeks=1)
GONE = lazy("None of its services can be asked about any more.")
NOT_NOW = lazy("It can be planned again once the other survey for this idea is over.")
TOO_LATE = lazy("It would not be over before customers are asked again.")
NONE = lazy("Nothing was cancelled that could be planned again.")
TOLD = {
    Purpose.BASELINE: lazy("Moderators cancelled the survey before, on %(day)s."),
    Purpose.AFTER: lazy("Moderators cancelled a survey that was to ask again, on %(day)s."),
}


class Cancelled(NamedTuple):
    """A survey that is asked no more, in words, and what moderators may do: plan it again now, or
    read why not yet."""

    purpose: str
    words: str
    now: bool
    not_yet: str


def told(reader: Person, ideas: Sequence[int]) -> dict[int, list[Cancelled]]:
    """What of the surveys for measured ideas nobody is asked any more. Two queries, none for
    none."""
    if not ideas:
        return {}
    given_up, waves = _given_up(ideas), _waves(ideas)
    found = {
        idea_id: [
            _cancelled(reader, purpose, at, waves.get(idea_id, []))
            for purpose, at in _missing(given_up.get(idea_id, {}), waves.get(idea_id, []))
        ]
        for idea_id in ideas
    }
    return {idea_id: lines for idea_id, lines in found.items() if lines}


def _missing(
    given_up: Mapping[Purpose, list[datetime]], waves: Sequence[Any]
) -> list[tuple[Purpose, datetime | None]]:
    """Which surveys are not asked, and when they were cancelled, if that is known here: the log of
    another forum does not come with an export."""
    found: list[tuple[Purpose, datetime | None]] = [
        (purpose, days[-1]) for purpose, days in given_up.items()
    ]
    if Purpose.AFTER not in given_up and not any(w.purpose == Purpose.AFTER for w in waves):
        found.append((Purpose.AFTER, None))
    return found


def _cancelled(
    reader: Person, purpose: Purpose, at: datetime | None, waves: Sequence[Any]
) -> Cancelled:
    moderates = may_plan(reader)
    fits = moderates and _fits(purpose, waves)
    is_over = purpose == Purpose.BASELINE and _asked_after(waves)
    not_yet = str(_why_not(purpose)) if moderates and not fits and not is_over else ""
    words = _("No survey is planned that asks again.")
    if at is not None:
        words = str(TOLD[purpose]) % {"day": day(company_day(at))}
    return Cancelled(purpose, words, fits, not_yet)


def _given_up(ideas: Sequence[int]) -> dict[int, dict[Purpose, list[datetime]]]:
    """When surveys for ideas were cancelled that are not planned again, by idea and purpose. One
    query, by the index of the log."""
    query = (
        select(Event.object_id, Event.type, Event.at, Event.payload)
        .where(
            Event.object_kind == "idea",
            Event.object_id.in_(ideas),
            Event.type.in_([facts.CANCELLED.name, facts.AGAIN.name]),
        )
        .order_by(Event.id)
    )
    found: dict[int, dict[Purpose, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for idea_id, kind, at, payload in read_columns(query):
        days = found[idea_id][Purpose(payload["purpose"])]
        if kind == facts.CANCELLED.name:
            days.append(at)
        elif days:
            days.pop(0)
    left = {one: {p: days for p, days in kinds.items() if days} for one, kinds in found.items()}
    return {one: kinds for one, kinds in left.items() if kinds}


def _waves(ideas: Sequence[int]) -> Mapping[int, list[Any]]:
    query = select(Wave.idea_id, Wave.purpose, Wave.state, Wave.opens_at)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in read_columns(query.where(Wave.idea_id.in_(ideas))):
        found[row[0]].append(row)
    return found


def _asked_after(waves: Sequence[Any]) -> bool:
    return any(w.purpose == Purpose.AFTER and w.state != WaveState.PLANNED for w in waves)


def _days() -> tuple[date, date]:
    """The first and the last day of what is planned from tomorrow."""
    first = add_working_days(company_day() + timedelta(days=1), 0)
    return first, add_working_days(first, TAKES - 1)


def _fits(purpose: Purpose, waves: Sequence[Any]) -> bool:
    """Whether it would be over before another survey for the idea asks, and in its order."""
    over = midnight(_days()[1] + timedelta(days=1))
    if any(w.state == WaveState.RUNNING for w in waves):
        return False
    if any(w.state == WaveState.PLANNED and w.opens_at < over for w in waves):
        return False
    if purpose == Purpose.BASELINE:
        return not _asked_after(waves)
    return not any(w.purpose == Purpose.BASELINE and w.state == WaveState.PLANNED for w in waves)


def _why_not(purpose: Purpose) -> Any:
    """One before has no place any more once customers are asked again; one after waits its turn."""
    return TOO_LATE if purpose == Purpose.BASELINE else NOT_NOW


def plan_again(person: Person, idea: Idea, purpose: Purpose) -> Wave:
    """Plan a survey that was cancelled: the same services, from the next working day. Raises
    Conflict, and says why."""
    require(may_plan(person))
    first, last = _days()
    with transaction():
        hold(idea.id)
        measure = db.session.get(IdeaMeasure, idea.id, populate_existing=True)
        waves = _waves([idea.id]).get(idea.id, [])
        missing = dict(_missing(_given_up([idea.id]).get(idea.id, {}), waves))
        if measure is None or purpose not in missing:
            raise Conflict(NONE)
        if not _fits(purpose, waves):
            raise Conflict(_why_not(purpose))
        wanted = planning.Wanted(
            title=title_of(idea.title, idea.lang, purpose, max(first - measure.since, WEEK)),
            opens_on=first,
            closes_on=last,
            services=_promised(idea.id, purpose),
            months=1,
            purpose=purpose,
            idea_id=idea.id,
            baseline_id=_newest_before(idea.id) if purpose == Purpose.AFTER else None,
        )
        wave = _plan(person, wanted)
        if purpose == Purpose.BASELINE:
            _compare_with(wave.id, idea.id)
        record(facts.AGAIN, by=person, about=("idea", idea.id), purpose=purpose)
    return wave


def _promised(idea_id: int, purpose: Purpose) -> list[int]:
    """Services to ask about; in a survey before, those of which none says how they were."""
    query = select(IdeaPromise.service_id).where(IdeaPromise.idea_id == idea_id)
    if purpose == Purpose.BASELINE:
        query = query.where(IdeaPromise.baseline_id.is_(None))
    return [row[0] for row in read_columns(query.distinct())]


def _newest_before(idea_id: int) -> int | None:
    query = (
        select(Wave.id)
        .join(IdeaPromise, IdeaPromise.baseline_id == Wave.id)
        .where(IdeaPromise.idea_id == idea_id)
        .order_by(Wave.closes_at.desc(), Wave.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _plan(person: Person, wanted: planning.Wanted) -> Wave:
    try:
        return planning.plan(person, wanted)
    except Invalid as refusal:
        raise Conflict(GONE if refusal.field == "services" else refusal.message) from refusal


def _compare_with(wave_id: int, idea_id: int) -> None:
    unasked = update(IdeaPromise).where(
        IdeaPromise.idea_id == idea_id, IdeaPromise.baseline_id.is_(None)
    )
    later = update(Wave).where(Wave.idea_id == idea_id, Wave.purpose == Purpose.AFTER)
    for statement in (unasked, later):
        db.session.execute(statement.values(baseline_id=wave_id))
