"""Planning, changing and calling off sessions."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from forum.accounts.models import Kind, Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.richtext import Composed
from forum.core.site import site
from forum.core.textcheck import detect_lang
from forum.departments.queries import answers_for, are_open
from forum.files.uses import claim
from forum.standards import policy as standard_policy
from forum.standards.models import Standard
from forum.training import facts, policy
from forum.training.cases import touching
from forum.training.models import Session, SessionDepartment, SessionStandard
from forum.training.sessions import agenda, seats
from forum.training.sessions.times import moment_of

LONGEST, LARGEST = 24 * 60, 500
"""Minutes a session takes, and people who fit into a room."""
FARTHEST = timedelta(days=366 * 10)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody writes about a session; the time is that of its zone's clocks."""

    title: str
    on: date | None
    at: time | None
    minutes: int | None
    place: str
    capacity: int | None
    host_id: int | None
    departments: Sequence[int]
    standards: str = ""
    about: str = ""
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """The same, checked and rendered before any write opens."""

    values: dict[str, Any]
    departments: tuple[int, ...]
    standards: tuple[int, ...]
    about: Composed


def _check(
    person: Person,
    wanted: Wanted,
    *,
    zone: str,
    held: datetime | None = None,
    confirmed: Collection[int] = (),
) -> Planned:
    """Raises Invalid, and says what to do; `held` is when it is already planned for, `confirmed`
    the standards that somebody let it confirm."""
    if not wanted.title:
        raise Invalid(_("Give it a title."), field="title")
    _check_size(wanted)
    standards, clauses = touching.read(person, wanted.standards)
    if clauses:
        raise Invalid(_("Name whole standards, as PS-001."), field="touches")
    if wanted.confirms:
        _check_may_confirm(person, standards, confirmed)
    about = richtext.compose(wanted.about)
    values = {
        "title": wanted.title,
        "lang": detect_lang(f"{wanted.title}\n{about.plain}"),
        "starts_at": _moment(wanted, zone, held),
        "minutes": wanted.minutes,
        "place": wanted.place,
        "capacity": wanted.capacity,
        "host_id": _host(wanted.host_id),
        "confirms": wanted.confirms,
    }
    return Planned(values, _departments(wanted.departments), standards, about)


def _moment(wanted: Wanted, zone: str, held: datetime | None) -> datetime:
    if wanted.on is None:
        raise Invalid(_("Choose a day."), field="on")
    if wanted.at is None:
        raise Invalid(_("Choose a time."), field="at")
    starts_at = moment_of(wanted.on, wanted.at, zone)
    if starts_at <= now() and starts_at != held:
        raise Invalid(_("Choose a time that is still to come."), field="on")
    if starts_at > now() + FARTHEST:
        raise Invalid(_("Plan it for the next few years."), field="on")
    return starts_at


def _check_size(wanted: Wanted) -> None:
    if not wanted.minutes or not 0 < wanted.minutes <= LONGEST:
        raise Invalid(_("Say how many minutes it takes, a day at most."), field="minutes")
    if not wanted.capacity or not 0 < wanted.capacity <= LARGEST:
        most = _("Say how many people fit, %(num)d at most.", num=LARGEST)
        raise Invalid(most, field="capacity")


def _check_may_confirm(
    person: Person, standard_ids: Sequence[int], confirmed: Collection[int]
) -> None:
    """Only whoever looks after a standard lets a session confirm it; what it confirms already it
    goes on to, whoever changes something else. One query."""
    if not standard_ids:
        raise Invalid(_("Name the standards that are to be confirmed."), field="confirms")
    query = select(Standard).where(Standard.id.in_(set(standard_ids) - set(confirmed)))
    added = list(db.session.scalars(query))
    if not all(standard_policy.may_count(person, each) for each in added):
        message = _("Only moderators and owners of the standards named may let them be confirmed.")
        raise Invalid(message, field="confirms")


def _host(person_id: int | None) -> int:
    host = db.session.get(Person, person_id) if person_id is not None else None
    if host is None or not host.can_sign_in or host.kind != Kind.STAFF:
        raise Invalid(_("Name a host who works here."), field="host")
    return host.id


def _departments(ids: Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(dict.fromkeys(ids))
    if not are_open(chosen):
        raise Invalid(_("Choose the departments that attend."), field="departments")
    return chosen


def plan(person: Person, wanted: Wanted) -> Session:
    """A new session in the company's zone, whose agenda assembles itself. Raises Invalid."""
    answers = () if person.moderates else answers_for(person.id)
    require(policy.may_plan(person, answers=answers))
    zone = site().time_zone
    planned = _check(person, wanted, zone=zone)
    with transaction():
        session = Session(uid=secrets.token_hex(16), zone=zone, **planned.values)
        db.session.add(session)
        db.session.flush()
        _keep(session, planned, person)
        agenda.assemble(session)
        record(facts.PLANNED, by=person, about=("training", session.id))
    return session


def _keep(session: Session, planned: Planned, by: Person) -> None:
    """Texts, departments and standards of a session, in the open write."""
    text = texts.store_if_any(planned.about)
    session.about_id = text.id if text is not None else None
    claim(planned.about.source, "training", session.id, by)
    pairs: tuple[tuple[Any, str, Sequence[int]], ...] = (
        (SessionDepartment, "department_id", planned.departments),
        (SessionStandard, "standard_id", planned.standards),
    )
    for model, column, ids in pairs:
        gone = delete(model).where(model.session_id == session.id)
        db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.add_all(model(session_id=session.id, **{column: each}) for each in ids)
    db.session.flush()


TOLD = ("title", "starts_at", "minutes", "place")
"""What calendars keep: a change of these is told to everybody."""


def change(person: Person, session: Session, wanted: Wanted, *, seen: int) -> bool:
    """Plan it anew, in its own zone; whether those who come were told.

    More seats go to those who wait; fewer take none away. Raises Invalid, and Conflict where it
    has changed since `seen` or is over.
    """
    require(policy.may_change(person, session))
    _check_not_over(session)
    confirmed = _standards_of(session) if session.confirms else ()
    planned = _check(person, wanted, zone=session.zone, held=session.starts_at, confirmed=confirmed)
    moved = any(getattr(session, name) != planned.values[name] for name in TOLD)
    later = planned.values["starts_at"] != session.starts_at
    with transaction():
        _claim(session, seen=seen, serial=Session.serial + int(moved), **planned.values)
        if later:
            session.reminded_at = None
        _keep(session, planned, person)
        agenda.assemble(session)
        _tell(facts.MOVED, person, session, calendars=moved)
        seats.move_up(session)
    return moved


def _standards_of(session: Session) -> Sequence[int]:
    query = select(SessionStandard.standard_id)
    return db.session.scalars(query.where(SessionStandard.session_id == session.id)).all()


def _check_not_over(session: Session) -> None:
    if policy.ends_at(session) <= now():
        raise Conflict(_("This session is over and does not change any more."))


def _claim(session: Session, *, seen: int | None = None, **values: Any) -> None:
    expected = [Session.revision == seen] if seen is not None else []
    held = db.session.execute(
        update(Session)
        .where(Session.id == session.id, Session.cancelled_at.is_(None), *expected)
        .values(revision=Session.revision + 1, changed_at=now(), **values)
        .execution_options(synchronize_session=False)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Conflict(_("This session has changed meanwhile. Compare, and save."))
    db.session.refresh(session)


def _tell(kind: Any, by: Person, session: Session, *, calendars: bool) -> None:
    """Who was invited, sits or waits hears of it, in the open write."""
    people = seats.everybody(session.id) if calendars else []
    parts = [people[n : n + seats.AT_ONCE] for n in range(0, len(people), seats.AT_ONCE)] or [[]]
    for part in parts:
        record(kind, by=by, about=("training", session.id), people=part)


def cancel(person: Person, session: Session, why: str) -> None:
    """Call it off, and say why; everybody hears of it. Raises Conflict once it has begun."""
    require(policy.may_change(person, session))
    if not why.strip() or not limits.NOTE.allows(why):
        raise Invalid(_("Say in a line why it is called off."), field="why")
    if not policy.is_coming(session, now()):
        raise Conflict(_("It has begun; note who came instead."))
    with transaction():
        values: dict[str, Any] = {"cancelled_at": now(), "cancelled_why": why.strip()}
        _claim(session, serial=Session.serial + 1, **values)
        _tell(facts.CANCELLED, person, session, calendars=True)
