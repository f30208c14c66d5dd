"""The weekly mail: for those who neither looked in nor were mailed, and only if there is news.

A row a week says how far it has come. The row moves in the write that queues the mails of the
people in between, so that a crash repeats nobody and leaves nobody out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.invitations import may_mail
from forum.accounts.models import Person
from forum.accounts.visits import last_seen
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.mail import Letter, queue_mails
from forum.core.site import site
from forum.notifications import digest_letters, wishes
from forum.notifications.models import DigestWeek, LastMail
from forum.notifications.topics import CELLS, Channel
from forum.notifications.week import Week, news_for

HOUR = 8
"""When the week's mails are written: Mondays, by the company's clock."""
LATE = timedelta(days=1)
"""A week that could not be told on Monday is not told on Thursday."""
AT_A_TIME = 100
"""People looked at before one write."""
WEEK = timedelta(days=7)


def send_due() -> int:
    """Write the mails of this week, if it is Monday and they are not written; how many."""
    moment = monday(now())
    if not may_mail() or now() - moment > LATE:
        return 0
    g.site_zone, sent = site().time_zone, 0
    week, position = moment.date(), _position(moment.date())
    while position is not None:
        people = _next_people(position)
        chosen = _quiet(people, moment)
        made = _letters(chosen, moment)
        end_read()
        ahead = people[-1].id if people else None
        if not _move(week, position, ahead, made):
            break
        sent, position = sent + len(made), ahead
    return sent


def monday(moment: datetime) -> datetime:
    """The last time at which a week's mails were due."""
    local = moment.astimezone(ZoneInfo(site().time_zone))
    slot = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    slot -= timedelta(days=slot.weekday())
    return slot if slot <= local else slot - WEEK


def _position(week: date) -> int | None:
    """Behind whom to go on; None when everybody was looked at. At most two queries."""
    row = db.session.execute(
        select(DigestWeek.position, DigestWeek.done_at).where(DigestWeek.week == week)
    ).one_or_none()
    if row is not None:
        return None if row.done_at is not None else int(row.position)
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    begun = insert(DigestWeek.__table__).values(week=week, position=0).on_conflict_do_nothing()
    with transaction():
        db.session.execute(begun)
    return 0


class Reader(NamedTuple):
    """Somebody who may be written to, and when they were last here and last told."""

    id: int
    person: Person
    seen_at: datetime | None
    mailed_at: datetime | None


def _next_people(position: int) -> list[Reader]:
    """The next people who may come in and have an address. One query."""
    query = (
        select(Person.id, Person, last_seen(), LastMail.at)
        .outerjoin(LastMail, LastMail.person_id == Person.id)
        .where(
            Person.id > position,
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
            Person.email.is_not(None),
            Person.signed_in_at.is_not(None),
        )
        .order_by(Person.id)
        .limit(AT_A_TIME)
    )
    return [Reader(*row) for row in db.session.execute(query)]


def _quiet(people: Sequence[Reader], moment: datetime) -> list[Reader]:
    """Those who neither were here nor heard anything in the week."""
    since = moment - WEEK
    return [
        each
        for each in people
        if not any(
            at is not None and at > since
            for at in (each.seen_at, each.person.signed_in_at, each.mailed_at)
        )
    ]


def _letters(people: Sequence[Reader], moment: datetime) -> list[Letter]:
    """A letter for each for whom there is news. Two queries, and those of `week.news_for`."""
    wanted = wishes.of_people([each.id for each in people])
    topics = {
        each.id: frozenset(
            topic
            for topic, channel in CELLS
            if channel == Channel.WEEKLY and wanted.wants(each.id, topic, channel)
        )
        for each in people
    }
    readers = [each.person for each in people if topics[each.id]]
    found = news_for(readers, Week(moment - WEEK, topics))
    return [
        digest_letters.weekly(person, found[person.id])
        for person in readers
        if found[person.id].is_new
    ]


def _move(week: date, position: int, ahead: int | None, made: Sequence[Letter]) -> bool:
    """Queue the mails of some people and say that they were looked at; False where another process
    was faster."""
    with transaction():
        values = {"position": ahead} if ahead is not None else {"done_at": now()}
        moved = db.session.execute(
            update(DigestWeek)
            .where(
                DigestWeek.week == week,
                DigestWeek.position == position,
                DigestWeek.done_at.is_(None),
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        if not moved.rowcount:  # type: ignore[attr-defined]
            return False
        queue_mails(made)
        return True
