"""The clock of replies: every department that a regular survey told something about owes one.

It has as many working days as a department has to answer an idea, and is reminded as it is there;
the day after the last its head is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from forum.core.calendar import add_working_days
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.modules import is_on
from forum.core.reminders import MORNING, PARTS, reminder_days
from forum.core.site import site
from forum.departments.queries import answerers_of, became, heads_of
from forum.surveys.loop import facts
from forum.surveys.loop.models import Reply
from forum.surveys.models import Purpose, Wave
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.rows import add_missing

TO_THE_HEAD = len(PARTS) + 1
BATCH = 200
WAITING = ("survey-replies", 0)
"""What the news of it is about: all that wait for somebody, as one."""


def days_of(due_on: date) -> list[date]:
    """When each reminder is due, the head's last."""
    return [*reminder_days(due_on, site().answer_days), add_working_days(due_on, 1)]


def oblige(wave_id: int) -> None:
    """Ask every department that the wave told something about, or whatever it became part of
    meanwhile; none that was closed for good. Again changes nothing."""
    query = (
        select(WaveOverall.one, WaveReport.told_on)
        .join(WaveReport, WaveReport.wave_id == WaveOverall.wave_id)
        .join(Wave, Wave.id == WaveOverall.wave_id)
        .where(
            WaveOverall.wave_id == wave_id,
            WaveOverall.scope == "provider",
            Wave.purpose == Purpose.REGULAR,
        )
        .order_by(WaveOverall.one)
    )
    asked: list[tuple[int, date]] = [(row[0], row[1]) for row in db.session.execute(query)]
    there = became([department_id for department_id, _told_on in asked])
    rows = []
    for department_id, told_on in asked:
        if department_id not in there:
            continue
        due_on = add_working_days(told_on, site().answer_days)
        first = days_of(due_on)[0]
        rows.append(
            {
                "wave_id": wave_id,
                "department_id": department_id,
                "due_on": due_on,
                "reminders": 0,
                "next_on": first,
            }
        )
    end_read()
    with transaction():
        add_missing(Reply, rows)


class _Due(NamedTuple):
    """A reply of which somebody is to be reminded."""

    id: int
    department_id: int
    due_on: date
    reminders: int


def sweep() -> None:
    """Send what is due, in the company's daytime; nothing while the module is off."""
    here = now().astimezone(ZoneInfo(site().time_zone))
    if here.hour >= MORNING and is_on("surveys"):
        remind(here.date())


def remind(today: date) -> int:
    """Send every reminder due up to a day, of several of one reply the last; how many were sent.
    Who answers for what a department became part of hears for it."""
    sent = 0
    while batch := _due(today):
        today_of = became({each.department_id for each in batch})
        people, heads = answerers_of(set(today_of.values())), heads_of(set(today_of.values()))
        end_read()
        with transaction():
            claimed = [each for each in batch if _claim(each, today)]
            _tell(
                claimed,
                today,
                {old: people.get(each, []) for old, each in today_of.items()},
                {old: heads[each] for old, each in today_of.items() if each in heads},
            )
        sent += len(claimed)
        end_read()
    return sent


def _due(today: date) -> list[_Due]:
    query = (
        select(Reply.id, Reply.department_id, Reply.due_on, Reply.reminders)
        .where(Reply.next_on <= today, Reply.at.is_(None))
        .order_by(Reply.next_on, Reply.id)
        .limit(BATCH)
    )
    return [_Due(*row) for row in db.session.execute(query)]


def _reached(each: _Due, today: date) -> int:
    return max(each.reminders + 1, sum(day <= today for day in days_of(each.due_on)))


def _claim(each: _Due, today: date) -> bool:
    reached = _reached(each, today)
    following = None if reached >= TO_THE_HEAD else days_of(each.due_on)[reached]
    claimed = db.session.execute(
        update(Reply)
        .where(Reply.id == each.id, Reply.reminders == each.reminders, Reply.at.is_(None))
        .values(reminders=reached, next_on=following)
        .execution_options(synchronize_session=False)
    )
    return bool(claimed.rowcount)  # type: ignore[attr-defined]


def _tell(
    claimed: Sequence[_Due], today: date, people: dict[int, list[int]], heads: dict[int, int]
) -> None:
    late = [each for each in claimed if _reached(each, today) >= TO_THE_HEAD]
    soon = [each for each in claimed if each not in late]
    told: list[tuple[Any, set[int]]] = [
        (facts.DUE, {one for each in soon for one in people.get(each.department_id, ())}),
        (facts.LATE, {heads[each.department_id] for each in late if each.department_id in heads}),
    ]
    for kind, who in told:
        if who:
            record(kind, by=None, about=WAITING, people=sorted(who))
