"""Reminding who has not answered: at half of a wave's days and at four fifths, together.

Whoever is reminded of one wave hears of all that waits for them: a reminder of another that would
be due within a few days counts as given. How many somebody got is a number that moves in the write
that tells them, and is forgotten when the wave closes.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update

from forum.accounts.models import Person
from forum.core.calendar import company_day, is_working
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.modules import is_on
from forum.core.reminders import MORNING
from forum.core.site import site
from forum.surveys.asking import tell
from forum.surveys.models import Wave, WaveParticipation, WaveRequest, WaveState

BATCH = 200
PARTS = (50, 80)
"""Per cent of a wave's days after which a reminder is due: two, and never another."""
TOGETHER = timedelta(days=3)
"""What would be due within this time comes along."""


def sweep() -> None:
    """Remind in the company's daytime, on days it works."""
    here = now().astimezone(ZoneInfo(site().time_zone))
    if is_on("surveys") and here.hour >= MORNING and is_working(here.date()):
        remind(here.date())


def remind(today: date) -> int:
    """Remind everybody for whom it is time; how many people were told."""
    waves = db.session.scalars(
        select(Wave).where(Wave.state == WaveState.RUNNING, Wave.closes_at > now())
    ).all()
    due = {wave.id: count for wave in waves if (count := due_by(wave, today))}
    soon = {wave.id: count for wave in waves if (count := due_by(wave, today + TOGETHER))}
    told = 0
    while due and (people := _next_people(due)):
        end_read()
        told += _tell(people, today, due, soon)
    return told


def due_by(wave: Wave, on: date) -> int:
    """How many reminders are due up to and with a day."""
    return sum(on >= each for each in reminder_days(wave))


def _next_people(due: dict[int, int]) -> list[int]:
    """The next who wait to be reminded. One query."""
    waits = or_(
        *(
            and_(WaveRequest.wave_id == wave_id, WaveRequest.reminders < count)
            for wave_id, count in due.items()
        )
    )
    may = and_(Person.deactivated_at.is_(None), Person.erased_at.is_(None))
    query = (
        select(WaveRequest.person_id)
        .join(Person, Person.id == WaveRequest.person_id)
        .where(waits, may, ~_took_part())
        .distinct()
        .order_by(WaveRequest.person_id)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def _took_part() -> ColumnElement[bool]:
    return exists().where(
        WaveParticipation.wave_id == WaveRequest.wave_id,
        WaveParticipation.person_id == WaveRequest.person_id,
    )


def _tell(people: list[int], today: date, due: dict[int, int], soon: dict[int, int]) -> int:
    """Count it for every wave that waits for them, and tell those for whom that moved: where one is
    due that one, else what would be soon."""
    moved: set[int] = set()
    with transaction():
        for wave_id, count in soon.items():
            now_due = due.get(wave_id, 0)
            given = case((WaveRequest.reminders < now_due, now_due), else_=count)
            rows = db.session.execute(
                update(WaveRequest)
                .where(
                    WaveRequest.wave_id == wave_id,
                    WaveRequest.person_id.in_(people),
                    WaveRequest.reminders < count,
                    ~_took_part(),
                )
                .values(reminders=given, reminded_on=today)
                .returning(WaveRequest.person_id)
                .execution_options(synchronize_session=False)
            )
            moved.update(row[0] for row in rows)
        tell("due", sorted(moved))
    return len(moved)


def reminder_days(wave: Wave) -> list[date]:
    """The days on which who has not answered is reminded."""
    first, last = company_day(wave.opens_at), company_day(wave.closes_at)
    days = (last - first).days
    return [first + timedelta(days=-(-days * part // 100)) for part in PARTS]
