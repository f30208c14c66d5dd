"""The clock of a department that was asked: its last day, its reminders, its rest.

All days are working days of the company (`core.calendar`). A reminder is due at half of the time,
at four fifths and on the last day; the day after, the department's head is asked. Each is sent
once: the guarded UPDATE that claims it and its event are one write.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select, update

from forum.core.calendar import add_working_days, company_day, working_days
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.reminders import MORNING, PARTS, reminder_days
from forum.core.site import site
from forum.ideas import facts
from forum.ideas.models import Answer, AnswerKind, Idea
from forum.ideas.policy import UNSETTLED

TO_THE_HEAD = len(PARTS) + 1
"""How many reminders a slot has had once its department's head was asked."""
BATCH = 200
SETTLED_FOR = timedelta(days=1)
"""Longer than a decision can be undone: until then its slots keep their next reminder."""

Values = dict[str, Any]


def begin(at: datetime | None = None) -> Values:
    """The clock of a slot that is asked now, as columns."""
    asked_at, allowed = at or now(), site().answer_days
    due_on = add_working_days(company_day(asked_at), allowed)
    return {
        "asked_at": asked_at,
        "due_on": due_on,
        "allowed_days": allowed,
        "nudged": 0,
        "nudge_on": next_nudge(due_on, allowed, 0),
        "paused_at": None,
    }


def nudge_days(due_on: date, allowed: int) -> list[date]:
    """When each reminder is due, the head's last; some may fall on one day."""
    return [*reminder_days(due_on, allowed), add_working_days(due_on, 1)]


def next_nudge(due_on: date | None, allowed: int | None, nudged: int) -> date | None:
    """The day of the reminder after so many; None when there is no other, or no clock."""
    if due_on is None or allowed is None or nudged >= TO_THE_HEAD:
        return None
    return nudge_days(due_on, allowed)[nudged]


def caught_up(asked_at: datetime, due_on: date, allowed: int) -> Values:
    """The clock of a slot from elsewhere, as columns: what was due until today is not sent."""
    today = company_day()
    nudged = sum(day <= today for day in nudge_days(due_on, allowed))
    return {
        "asked_at": asked_at,
        "due_on": due_on,
        "allowed_days": allowed,
        "nudged": nudged,
        "nudge_on": next_nudge(due_on, allowed, nudged),
    }


def rest() -> Values:
    """A clock that stops now, as columns."""
    return {"paused_at": now(), "nudge_on": None}


def answered(slot: Answer, *, waits: bool) -> Values:
    """The clock of a slot that was answered, or waits again because that was taken back."""
    values = go_on(slot)
    if not waits:
        return {**values, "nudge_on": None}
    due_on = values.get("due_on", slot.due_on)
    return {**values, "nudge_on": next_nudge(due_on, slot.allowed_days, slot.nudged)}


def go_on(slot: Answer) -> Values:
    """A clock that rested and runs again, with the days that were left, but one at least."""
    if slot.due_on is None or slot.allowed_days is None or slot.paused_at is None:
        return {"paused_at": None}
    left = working_days(company_day(slot.paused_at), slot.due_on)
    due_on = add_working_days(company_day(), max(1, min(left, slot.allowed_days)))
    nudge_on = next_nudge(due_on, slot.allowed_days, slot.nudged)
    return {"paused_at": None, "due_on": due_on, "nudge_on": nudge_on}


def runs() -> ColumnElement[bool]:
    """Slots whose department is to answer: not those that wait for the author."""
    return and_(Answer.answer == AnswerKind.WAITING, Answer.paused_at.is_(None))


def overdue(today: Any) -> ColumnElement[bool]:
    """Slots whose last day has passed without an answer."""
    return and_(runs(), Answer.due_on < today)


class Timely(StrEnum):
    """How an answer with a last day came; `OPEN` where that day has passed without one."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN = "open"


def timely(answered_on: date | None, due_on: date, today: date) -> Timely | None:
    """How something that was due came; None while it may still come in time."""
    if answered_on is not None:
        return Timely.IN_TIME if answered_on <= due_on else Timely.LATE
    return Timely.OPEN if due_on < today else None


class _Due(NamedTuple):
    """A slot with a reminder to send."""

    id: int
    idea_id: int
    department_id: int
    due_on: date
    allowed_days: int
    nudged: int
    nudge_on: date


def sweep() -> None:
    """Send what is due, in the company's daytime; forget what decided ideas no longer need."""
    here = now().astimezone(ZoneInfo(site().time_zone))
    if here.hour >= MORNING:
        nudge(here.date())
        _forget(here.date())


def nudge(today: date) -> int:
    """Send every reminder due up to a day, of several of one slot the last; how many were sent."""
    sent = 0
    while batch := _due(today):
        with transaction():
            sent += sum(_send(slot, today) for slot in batch)
        end_read()
    return sent


def _due(today: date) -> Sequence[_Due]:
    columns = (
        Answer.id,
        Answer.idea_id,
        Answer.department_id,
        Answer.due_on,
        Answer.allowed_days,
        Answer.nudged,
        Answer.nudge_on,
    )
    query = (
        select(*columns)
        .join(Idea, Idea.id == Answer.idea_id)
        .where(
            Answer.nudge_on <= today,
            runs(),
            Idea.stage_kind.in_(UNSETTLED),
            Idea.hidden_at.is_(None),
        )
        .order_by(Answer.nudge_on, Answer.id)
        .limit(BATCH)
    )
    return [_Due._make(row) for row in db.session.execute(query)]


def _send(slot: _Due, today: date) -> bool:
    """Claim one slot's reminder in the open write; False when it moved meanwhile."""
    days = nudge_days(slot.due_on, slot.allowed_days)
    reached = max(slot.nudged + 1, sum(day <= today for day in days))
    claimed = db.session.execute(
        update(Answer)
        .where(
            Answer.id == slot.id,
            Answer.department_id == slot.department_id,
            Answer.nudged == slot.nudged,
            Answer.nudge_on == slot.nudge_on,
            runs(),
        )
        .values(nudged=reached, nudge_on=next_nudge(slot.due_on, slot.allowed_days, reached))
        .execution_options(synchronize_session=False)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return False
    record(
        facts.NUDGED if reached < TO_THE_HEAD else facts.ESCALATED,
        by=None,
        about=("idea", slot.idea_id),
        department=slot.department_id,
        due=slot.due_on.isoformat(),
        days=slot.allowed_days,
    )
    return True


def _forget(today: date) -> None:
    """Take the next reminder from slots of ideas that were settled a while ago."""
    settled = select(Idea.id).where(
        Idea.stage_kind.not_in(UNSETTLED), Idea.stage_since < now() - SETTLED_FOR
    )
    late = select(Answer.id).where(Answer.nudge_on <= today, Answer.idea_id.in_(settled))
    ids = list(db.session.scalars(late.limit(BATCH)))
    if ids:
        with transaction():
            gone = update(Answer).where(Answer.id.in_(ids)).values(nudge_on=None)
            db.session.execute(gone.execution_options(synchronize_session=False))
