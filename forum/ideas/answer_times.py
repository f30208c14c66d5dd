"""How a department answers: what is open, how long it takes, how much of it is in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, DateTime, func, literal, select, type_coerce, union_all

from forum.accounts.models import Person
from forum.core.calendar import company_day, working_days
from forum.core.clock import now
from forum.core.db import UTCDateTime, db
from forum.core.i18n import local_day
from forum.ideas import clock
from forum.ideas.clock import Timely, timely
from forum.ideas.models import Answer, AnswerKind, Idea
from forum.ideas.policy import UNSETTLED
from forum.ideas.visibility import listed_for

LOOKED_AT = 200
"""The newest that the figures are made of: answers, and those that did not come by their day."""
SINCE = timedelta(days=365)


class _Row(NamedTuple):
    """An answer that was given, one that is overdue, or the oldest that is open with how many
    there are."""

    open: int
    asked_at: datetime
    answered_at: datetime | None
    due_on: date | None
    idea_id: int
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """What a department's page says of its answers."""

    open: int
    oldest: _Row | None
    days_open: int
    median_days: float | None
    due: int
    in_time: int

    @property
    def in_time_share(self) -> int | None:
        """Per cent of the answers that had come or should have that came by their last day."""
        return round(100 * self.in_time / self.due) if self.due else None


def on_departments(reader: Person, departments: Sequence[Any]) -> dict[int, AnswerTimes]:
    """The answer times of each department that was ever asked. One query each."""
    times = {each.id: times_of(reader, each.id) for each in departments}
    return {number: each for number, each in times.items() if each is not None}


def times_of(reader: Person, department_id: int) -> AnswerTimes | None:
    """A department's figures over the answers of a year, of the newest at most; None without any.
    One query."""
    rows = [_Row._make(row) for row in db.session.execute(_query(reader, department_id))]
    if not rows:
        return None
    oldest = next((row for row in rows if row.open), None)
    took = [_days(row) for row in rows if row.answered_at is not None]
    came = [each for _day, each in sorted(_came(rows), reverse=True)[:LOOKED_AT]]
    return AnswerTimes(
        open=oldest.open if oldest is not None else 0,
        oldest=oldest,
        days_open=working_days(local_day(oldest.asked_at), company_day()) if oldest else 0,
        median_days=median(took) if took else None,
        due=len(came),
        in_time=came.count(Timely.IN_TIME),
    )


def _came(rows: Sequence[_Row]) -> Iterator[tuple[date, Timely]]:
    """How what was due came, each with its day: that of the answer, or the last one."""
    for row in rows:
        if row.due_on is not None and not row.open:
            on = company_day(row.answered_at) if row.answered_at is not None else None
            came = timely(on, row.due_on, company_day())
            if came is not None:
                yield on or row.due_on, came


def _days(row: _Row) -> int:
    return working_days(local_day(row.asked_at), local_day(row.answered_at or row.asked_at))


def _query(reader: Person, department_id: int) -> Any:
    today, since = company_day(), now() - SINCE
    parts = parts_of(department_id, listed_for(reader), today=today, since=since)
    return union_all(*(select(part.subquery()) for part in parts))


def parts_of(
    department_id: Any, seen: ColumnElement[bool], *, today: Any, since: Any
) -> tuple[Any, ...]:
    """The queries that all of it follows from: the oldest that is open, answers that were given,
    and those whose last day has passed without one, whatever became of the idea meanwhile."""
    never = type_coerce(literal(None, DateTime(timezone=True)), UTCDateTime)
    of_it = (Answer.department_id == department_id, seen)
    waits = (Answer.answer == AnswerKind.WAITING, Idea.stage_kind.in_(UNSETTLED))
    given = (Answer.answer != AnswerKind.WAITING, Answer.answered_at > since)
    silent = (clock.overdue(today), Answer.asked_at > since)
    oldest = _columns(func.count().over(), never).where(*of_it, *waits)
    answered = _columns(literal(0), Answer.answered_at).where(*of_it, *given)
    overdue = _columns(literal(0), never).where(*of_it, *silent)
    return (
        oldest.order_by(Answer.asked_at, Answer.id).limit(1),
        answered.order_by(Answer.answered_at.desc(), Answer.id.desc()).limit(LOOKED_AT),
        overdue.order_by(Answer.due_on.desc(), Answer.id.desc()).limit(LOOKED_AT),
    )


def _columns(count: Any, answered_at: Any) -> Any:
    columns = (count.label("open"), Answer.asked_at, answered_at.label("answered_at"))
    ideas = (Idea.id, Idea.title, Idea.lang)
    return (
        select(*columns, Answer.due_on, *ideas)
        .select_from(Answer)
        .join(Idea, Idea.id == Answer.idea_id)
    )
