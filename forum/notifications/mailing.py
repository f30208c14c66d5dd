"""News that go by mail: which, when, and the one write that makes mails of them.

What is to be mailed is a row written together with the news (`DueMail`), so a crash loses none. The
row goes in the write that puts the mail into the outbox, so none is mailed twice. Whether somebody
may see it, wants it and has not read it yet is asked again then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import g
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import WAKE, db, end_read, transaction, zero_what_goes
from forum.core.mail import HUSHED, Letter, OutboxMail, is_hushed, queue_mails
from forum.core.site import site
from forum.notifications import letters, of_modules, queries, wishes
from forum.notifications.kinds import Kind, Thing
from forum.notifications.letters import Told
from forum.notifications.models import DueMail, LastMail, MailMark, Notification
from forum.notifications.topics import AT_ONCE, GATHERED_FOR, TOPIC_OF, Channel
from forum.notifications.wishes import Wishes

MARK = "news"
STILL_NEWS = timedelta(days=3)
"""What is older is found in the inbox: a mail about it would only puzzle. Long enough for a weekend
without a jobs process."""
AT_A_TIME = 100
"""Mails put into the outbox in one write."""
ROWS = 500

Row = dict[str, Any]


def mark() -> int:
    """Up to which event news were mailed. One query."""
    return db.session.scalar(select(MailMark.event_id).where(MailMark.name == MARK)) or 0


def rows_of(rows: Iterable[Row], wanted: Wishes, *, after: int) -> list[Row]:
    """Which of these news are to be mailed, and when; nothing of an event that is not `after`."""
    oldest = now() - STILL_NEWS
    return [
        {
            **{name: value for name, value in row.items() if name != "concealed"},
            "due_at": row["at"] + (timedelta(0) if row["kind"] in AT_ONCE else GATHERED_FOR),
        }
        for row in rows
        if row["at"] > oldest
        and (row["event_id"] is None or row["event_id"] > after)
        and wanted.by_mail(row)
    ]


def queue(rows: Sequence[Row]) -> None:
    """Note what is to be mailed, in the open write; what goes at once wakes the jobs."""
    for start in range(0, len(rows), ROWS):
        query = _insert(DueMail).values(rows[start : start + ROWS]).on_conflict_do_nothing()
        db.session.execute(query)
    if any(row["kind"] in AT_ONCE for row in rows):
        db.session().info[WAKE] = True


def move_mark(event_id: int) -> None:
    """Say that news up to this event were seen to, in the open write. Never back."""
    moved = db.session.execute(
        update(MailMark)
        .where(MailMark.name == MARK, MailMark.event_id <= event_id)
        .values(event_id=event_id)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        first = _insert(MailMark).values(name=MARK, event_id=event_id)
        db.session.execute(first.on_conflict_do_nothing())


def _insert(model: Any) -> Any:
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    return insert(model.__table__)


class Parcel(NamedTuple):
    """What one person is to be told about one thing."""

    person_id: int
    thing: Thing
    ids: list[int]


class Raced(Exception):
    """Another process was faster."""


def send_due() -> int:
    """Make mails of what is due; how many. Each batch is one write."""
    g.site_zone, sent = site().time_zone, 0
    while parcels := _due():
        made = letters.about(_still_news(parcels))
        end_read()
        if not _hand_over(parcels, made):
            break
        sent += len(made)
    return sent


def _due() -> list[Parcel]:
    """The next people and things of which something is due, with all that waits of them. Two
    queries."""
    pair = (DueMail.person_id, DueMail.object_kind, DueMail.object_id)
    query = (
        select(*pair)
        .where(DueMail.due_at <= now())
        .group_by(*pair)
        .order_by(func.min(DueMail.due_at), *pair)
        .limit(AT_A_TIME)
    )
    parcels = {
        tuple(row): Parcel(row[0], (row[1], row[2]), []) for row in db.session.execute(query)
    }
    waiting = select(DueMail.id, *pair).where(DueMail.person_id.in_({key[0] for key in parcels}))
    for row in db.session.execute(waiting.order_by(DueMail.id)) if parcels else ():
        if parcel := parcels.get(tuple(row[1:])):
            parcel.ids.append(row[0])
    return list(parcels.values())


def _still_news(parcels: Sequence[Parcel]) -> list[Told]:
    """What each person may see, wants by mail and has not read; nothing of whom nothing is left.
    Four queries, and those of `queries.to_be_mailed`."""
    people = _reachable({parcel.person_id for parcel in parcels})
    theirs = [parcel for parcel in parcels if parcel.person_id in people]
    waiting: dict[int, list[int]] = {}
    for parcel in theirs:
        waiting.setdefault(parcel.person_id, []).extend(parcel.ids)
    seen = queries.to_be_mailed(people.values(), waiting)
    wanted, read, oldest = wishes.of_people(people), _read_at(theirs), now() - STILL_NEWS
    told = []
    for person_id, thing, ids in theirs:
        since = max(oldest, read.get((person_id, thing), oldest))
        items = [seen[person_id][number] for number in ids if number in seen[person_id]]
        kept = [
            item
            for item in items
            if item.at > since and wanted.wants(person_id, TOPIC_OF[Kind(item.kind)], Channel.MAIL)
        ]
        if kept:
            told.append(Told(people[person_id], thing, kept))
    return told


def _reachable(ids: Collection[int]) -> dict[int, Person]:
    """Those of them who may come in and have an address. One query."""
    query = select(Person).where(
        Person.id.in_(ids),
        Person.deactivated_at.is_(None),
        Person.erased_at.is_(None),
        Person.email.is_not(None),
    )
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {person.id: person for person in found if person.email}


def _read_at(parcels: Sequence[Parcel]) -> dict[tuple[int, Thing], datetime]:
    """When people last opened a notice about a thing: they have seen what was there then. One
    query."""
    things = {parcel.thing for parcel in parcels}
    opened = (Notification.person_id, Notification.object_kind, Notification.object_id)
    query = (
        select(*opened, func.max(Notification.read_at))
        .where(
            Notification.person_id.in_({parcel.person_id for parcel in parcels}),
            Notification.object_kind.in_({kind for kind, _number in things}),
            Notification.object_id.in_({number for _kind, number in things}),
            Notification.read_at.is_not(None),
        )
        .group_by(*opened)
    )
    rows: Any = db.session.execute(query)
    return {(row[0], (row[1], row[2])): row[3] for row in rows}


def _hand_over(parcels: Sequence[Parcel], made: Sequence[Letter]) -> bool:
    """Take the rows away and queue the mails in one write; False where another process was
    faster."""
    ids = [number for parcel in parcels for number in parcel.ids]
    with suppress(Raced), transaction():
        if any(parcel.thing[0] in HUSHED for parcel in parcels):
            zero_what_goes()
        gone = 0
        for start in range(0, len(ids), ROWS):
            taken = db.session.execute(
                delete(DueMail)
                .where(DueMail.id.in_(ids[start : start + ROWS]))
                .execution_options(synchronize_session=False)
            )
            gone += taken.rowcount  # type: ignore[attr-defined]
        if gone != len(ids):
            raise Raced
        queue_mails(made)
        noted = [letter for letter in made if not is_hushed(letter.thing)]
        note_mailed({letter.person_id for letter in noted if letter.person_id is not None})
        return True
    return False


def note_mailed(people: Iterable[int]) -> None:
    """Remember that these people were told something by mail, in the open write; in the order of
    ids, so that two writers cannot lock each other. One query for five hundred."""
    moment = now()
    rows = [{"person_id": person_id, "at": moment} for person_id in sorted(people)]
    for start in range(0, len(rows), ROWS):
        query = _insert(LastMail).values(rows[start : start + ROWS])
        db.session.execute(
            query.on_conflict_do_update(index_elements=["person_id"], set_={"at": moment})
        )


def is_wanted_still(mail: OutboxMail) -> bool:
    """Whether a mail that waits in the outbox may still go: to somebody who may come in, about
    something they may see and that belongs to no module that is off."""
    if mail.person_id is None:
        return True
    person = db.session.get(Person, mail.person_id, populate_existing=True)
    if person is None or not person.can_sign_in or person.email != mail.recipient:
        return False
    kind, _, number = mail.thing.rpartition("-")
    if not number.isdigit():
        return True
    thing = (kind, int(number))
    return of_modules.is_told(thing) and queries.is_seen(person, thing)
