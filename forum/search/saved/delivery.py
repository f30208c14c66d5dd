"""Telling people what is new in their saved searches: at once into the inbox, else by mail.

Who hears is decided when it is told, by what they may see then. What was told is marked in the same
write as the news or mail is, so a crash tells nothing twice and loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy import and_, delete, or_, select, update

from forum.accounts.invitations import may_mail
from forum.accounts.models import Kind as PersonKind
from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.mail import Letter, queue_mails
from forum.core.site import site
from forum.notifications import elsewhere
from forum.notifications.kinds import Kind, Thing
from forum.notifications.mailing import note_mailed
from forum.search import hits
from forum.search.documents import Ref
from forum.search.hits import Found
from forum.search.saved import letters
from forum.search.saved.models import Alert, SavedSearch, ToldThing

INBOX = "saved-search"
"""What the inbox calls a saved search."""
HOUR = 8
"""When the mails of a day and of a week are written, by the company's clock; weeks on Mondays."""
AT_ONCE = 1_000
"""Things told in one write."""


class Due(NamedTuple):
    """A thing that waits to be told."""

    id: int
    ref: Ref
    saved: SavedSearch
    person: Person


Seen = list[tuple[Due, Found]]
"""What is due, with what its person is shown of it."""


def tell_due() -> int:
    """Tell everything that is due; how many things. Each batch is one write."""
    told, moment = 0, now()
    while batch := _due(moment):
        seen = _seen(batch)
        mails, news = _letters(seen), _news(seen)
        end_read()
        if not _tell(batch, seen, mails, news):
            break
        told += len(batch)
    return told


def boundary(alert: Alert, moment: datetime) -> datetime:
    """The last moment at which mails of a day or of a week were due."""
    local = moment.astimezone(ZoneInfo(site().time_zone))
    slot = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if alert == Alert.WEEKLY:
        slot -= timedelta(days=slot.weekday())
    if slot > local:
        slot -= timedelta(days=7 if alert == Alert.WEEKLY else 1)
    return slot


def _due(moment: datetime) -> list[Due]:
    """The next things to tell, a person's together. One query."""
    found_before = [
        and_(SavedSearch.alert == alert, ToldThing.at < boundary(alert, moment))
        for alert in (Alert.DAILY, Alert.WEEKLY)
    ]
    query = (
        select(ToldThing.id, ToldThing.kind, ToldThing.thing_id, SavedSearch, Person)
        .join(SavedSearch, SavedSearch.id == ToldThing.saved_search_id)
        .join(Person, Person.id == SavedSearch.person_id)
        .where(
            ToldThing.told_at.is_(None),
            SavedSearch.deleted_at.is_(None),
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
            or_(SavedSearch.alert == Alert.AT_ONCE, *found_before),
        )
        .order_by(Person.id, SavedSearch.id, ToldThing.id)
        .limit(AT_ONCE)
    )
    rows = [Due(row[0], (row[1], row[2]), row[3], row[4]) for row in db.session.execute(query)]
    return _whole(rows)


def _whole(rows: list[Due]) -> list[Due]:
    """Without the last person, of whom there may be more; unless there is nobody else."""
    if len(rows) < AT_ONCE or rows[0].person is rows[-1].person:
        return rows
    return [due for due in rows if due.person is not rows[-1].person]


def _seen(batch: Sequence[Due]) -> Seen:
    """What each person may see of it now. A query a kind for everybody without a limit, and for
    each consultant."""
    cards = hits.all_cards()
    by_eyes: dict[tuple[int, bool], list[Due]] = {}
    for due in batch:
        limited = due.person.kind == PersonKind.CONSULTANT
        by_eyes.setdefault((due.person.id if limited else 0, due.person.moderates), []).append(due)
    seen: Seen = []
    for together in by_eyes.values():
        loaded = hits.load(together[0].person, {due.ref for due in together}, cards)
        seen += [(due, loaded[due.ref]) for due in together if due.ref in loaded]
    return seen


def _letters(seen: Seen) -> list[Letter]:
    """One letter a person, about all of their searches that are told by mail."""
    g.site_zone = site().time_zone
    by_person: dict[int, Seen] = {}
    for due, found in seen:
        if _by_mail(due):
            by_person.setdefault(due.person.id, []).append((due, found))
    return [letters.news(theirs[0][0].person, _by_search(theirs)) for theirs in by_person.values()]


def _by_mail(due: Due) -> bool:
    """Whether it goes by mail; who cannot be written to finds it in the inbox."""
    return due.saved.alert != Alert.AT_ONCE and bool(due.person.email) and may_mail()


def _by_search(theirs: Seen) -> list[tuple[SavedSearch, list[Found]]]:
    by_search: dict[int, tuple[SavedSearch, list[Found]]] = {}
    for due, found in theirs:
        by_search.setdefault(due.saved.id, (due.saved, []))[1].append(found)
    return list(by_search.values())


def _news(seen: Seen) -> list[tuple[int, Kind, Thing]]:
    """One piece of news for each search that is told in the inbox."""
    found = {(due.person.id, due.saved.id) for due, _found in seen if not _by_mail(due)}
    return [(person_id, Kind.FOUND, (INBOX, saved_id)) for person_id, saved_id in sorted(found)]


def _tell(
    batch: Sequence[Due],
    seen: Seen,
    mails: Sequence[Letter],
    news: Sequence[tuple[int, Kind, Thing]],
) -> bool:
    """Mark and tell in one write; False where another process has just told some of it.

    What its person does not see any more is forgotten, so that no count has it; should they see it
    again, it is news.
    """
    moment, told = now(), [due.id for due, _found in seen]
    gone = sorted({due.id for due in batch}.difference(told))
    with suppress(Raced), transaction():
        if _mark(told, moment) + _forget(gone) != len(batch):
            raise Raced
        queue_mails(mails)
        note_mailed({due.person.id for due, _found in seen if _by_mail(due)})
        elsewhere.tell(news, at=moment)
        return True
    return False


def _mark(ids: Sequence[int], moment: datetime) -> int:
    """How many of these still waited."""
    marked = 0
    for start in range(0, len(ids), 500):
        waiting = ToldThing.id.in_(ids[start : start + 500]) & ToldThing.told_at.is_(None)
        done = db.session.execute(
            update(ToldThing)
            .where(waiting)
            .values(told_at=moment)
            .execution_options(synchronize_session=False)
        )
        marked += done.rowcount  # type: ignore[attr-defined]
    return marked


def _forget(ids: Sequence[int]) -> int:
    """How many of these still waited, and wait no more."""
    forgotten = 0
    for start in range(0, len(ids), 500):
        waiting = ToldThing.id.in_(ids[start : start + 500]) & ToldThing.told_at.is_(None)
        done = db.session.execute(
            delete(ToldThing).where(waiting).execution_options(synchronize_session=False)
        )
        forgotten += done.rowcount  # type: ignore[attr-defined]
    return forgotten


class Raced(Exception):
    """Another process was faster."""
