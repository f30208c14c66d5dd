"""Reminding those who have not yet approved, in working days of the company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.reminders import MORNING, next_reminder, reminder_days
from forum.core.site import site
from forum.standards.approvals import facts, overdue
from forum.standards.approvals.models import Approval, Said
from forum.standards.models import Version, VersionState

BATCH = 200


class _Due(NamedTuple):
    """A side with a reminder to send."""

    id: int
    side: str
    department_id: int | None
    due_on: date
    allowed_days: int
    nudged: int
    nudge_on: date
    standard_id: int
    version: int


def sweep() -> None:
    """Send what is due, in the company's daytime."""
    here = now().astimezone(ZoneInfo(site().time_zone))
    if here.hour >= MORNING:
        nudge(here.date())
        overdue.tell(here.date())


def nudge(today: date) -> int:
    """Send every reminder due up to a day, of several of one side the last; how many were sent."""
    sent = 0
    while batch := _due(today):
        with transaction():
            sent += sum(_send(each, today) for each in batch)
        end_read()
    return sent


def _due(today: date) -> Sequence[_Due]:
    query = (
        select(
            Approval.id,
            Approval.side,
            Approval.department_id,
            Approval.due_on,
            Approval.allowed_days,
            Approval.nudged,
            Approval.nudge_on,
            Version.standard_id,
            Version.number,
        )
        .join(Version, Version.id == Approval.version_id)
        .where(
            Approval.nudge_on <= today,
            Approval.state == Said.WAITING,
            Version.state == VersionState.APPROVAL,
        )
        .order_by(Approval.nudge_on, Approval.id)
        .limit(BATCH)
    )
    return [_Due._make(row) for row in db.session.execute(query)]


def _send(each: _Due, today: date) -> bool:
    """Claim one side's reminder in the open write; False when it moved meanwhile."""
    reached = sum(day <= today for day in reminder_days(each.due_on, each.allowed_days))
    reached = max(each.nudged + 1, reached)
    claimed = db.session.execute(
        update(Approval)
        .where(
            Approval.id == each.id,
            Approval.state == Said.WAITING,
            Approval.nudged == each.nudged,
            Approval.nudge_on == each.nudge_on,
        )
        .values(
            nudged=reached,
            nudge_on=next_reminder(each.due_on, each.allowed_days, reached),
        )
        .execution_options(synchronize_session=False)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return False
    record(
        facts.NUDGED,
        by=None,
        about=("standard", each.standard_id),
        version=each.version,
        side=each.side,
        department=each.department_id,
        due=each.due_on.isoformat(),
    )
    return True
