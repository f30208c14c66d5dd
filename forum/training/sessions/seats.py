"""Who has a seat and who waits. The session's row is held, so exactly as many sit as fit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.accounts.queries import WORKS_HERE
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.training import facts, policy
from forum.training.models import Invitation, Seat, Session, SessionDepartment

AT_ONCE = 200
"""People that one event names."""
MOST = 2_000
"""People that are invited at once."""


def sign_up(person: Person, session: Session) -> bool:
    """Take a seat, or a place at the end of the queue; whether it is a seat. Again is the same.

    Raises Conflict once it has begun or was called off.
    """
    require(policy.is_staff(person))
    with transaction():
        require(_works_here(person.id))
        held = _hold(session)
        _check_open(person, held)
        known = _seat_of(session.id, person.id)
        if known is not None:
            return not known.waiting
        waiting = _taken(session.id) >= held.capacity
        db.session.add(
            Seat(
                session_id=session.id,
                person_id=person.id,
                department_id=person.department_id,
                waiting=waiting,
            )
        )
        db.session.flush()
        about = ("training", session.id)
        record(facts.SIGNED_UP, by=person, about=about, waiting=int(waiting))
    return not waiting


def _check_open(person: Person, session: Session) -> None:
    if not policy.may_join(person, session, now()):
        raise Conflict(_("It has begun or was called off; nobody can sign up or off any more."))


def _works_here(person_id: int) -> bool:
    """Whether somebody still does, and cannot leave before the write ends, so that whoever leaves
    meanwhile gives up this seat too; asked before the session is held, as leaving does."""
    query = select(Person.id).where(Person.id == person_id, *WORKS_HERE)
    return db.session.scalar(query.with_for_update(read=True)) is not None


def _hold(session: Session) -> Session:
    """The session's row as it is now, held until the write ends."""
    query = select(Session).where(Session.id == session.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _seat_of(session_id: int, person_id: int) -> Seat | None:
    query = select(Seat).where(Seat.session_id == session_id, Seat.person_id == person_id)
    return db.session.scalars(query).first()


def _taken(session_id: int) -> int:
    query = select(func.count()).where(Seat.session_id == session_id, Seat.waiting.is_(False))
    return db.session.scalar(query) or 0


def sign_off(person: Person, session: Session) -> str:
    """Leave the seat to the first who waits, who is told, or the queue; again is the same.

    Returns what was left, `seat` or `waiting`, or nothing. Raises Conflict once it has begun or was
    called off.
    """
    require(policy.is_staff(person))
    with transaction():
        held = _hold(session)
        _check_open(person, held)
        left = _leave(session.id, person.id)
        if left:
            record(facts.SIGNED_OFF, by=person, about=("training", session.id))
            move_up(held)
    return left


def _leave(session_id: int, person_id: int) -> str:
    waited = db.session.scalar(
        delete(Seat)
        .where(Seat.session_id == session_id, Seat.person_id == person_id)
        .returning(Seat.waiting)
        .execution_options(synchronize_session=False)
    )
    return "" if waited is None else "waiting" if waited else "seat"


def move_up(session: Session) -> list[int]:
    """Give free seats to those who wait longest and may still come in, in the open write that holds
    the session."""
    free = session.capacity - _taken(session.id)
    if free <= 0 or not policy.is_coming(session, now()):
        return []
    first = (
        select(Seat.id, Seat.person_id)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.session_id == session.id, Seat.waiting, *WORKS_HERE)
        .order_by(Seat.id)
        .limit(free)
    )
    rows = db.session.execute(first).all()
    for seat_id, person_id in rows:
        db.session.execute(
            update(Seat)
            .where(Seat.id == seat_id)
            .values(waiting=False)
            .execution_options(synchronize_session=False)
        )
        record(facts.SEATED, by=None, about=("training", session.id), people=[person_id])
    return [row.person_id for row in rows]


def free_of(person_id: int) -> None:
    """Leave all that is still to come, in the open write: who is forgotten, or does not work here
    any more, sits nowhere. What was called off stays as it was."""
    query = (
        select(Session)
        .join(Seat, Seat.session_id == Session.id)
        .where(
            Seat.person_id == person_id, Session.starts_at > now(), Session.cancelled_at.is_(None)
        )
        .order_by(Session.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for session in list(db.session.scalars(query)):
        if _leave(session.id, person_id):
            record(facts.SIGNED_OFF, by=None, about=("training", session.id))
            move_up(session)


def invite(host: Person, session: Session, people: Sequence[int], *, members: bool = False) -> int:
    """Ask people to come, with `members` everybody in the departments; how many were asked anew.

    Raises Invalid for somebody who cannot come.
    """
    require(policy.may_change(host, session))
    wanted = sorted({*people, *(_members(session.id) if members else ())})
    if not wanted:
        raise Invalid(_("Choose whom to invite."), field="people")
    _check_can_come(wanted)
    with transaction():
        held = _hold(session)
        _check_open(host, held)
        new = _invited_anew(session.id, wanted)
        for start in range(0, len(new), AT_ONCE):
            part = new[start : start + AT_ONCE]
            record(facts.INVITED, by=host, about=("training", session.id), people=part)
    return len(new)


def _members(session_id: int) -> list[int]:
    """Staff of the departments who can come in. One query."""
    query = (
        select(Person.id)
        .join(SessionDepartment, SessionDepartment.department_id == Person.department_id)
        .where(SessionDepartment.session_id == session_id, *WORKS_HERE)
    )
    return list(db.session.scalars(query.limit(MOST)))


def _check_can_come(people: Sequence[int]) -> None:
    if len(people) > MOST:
        raise Invalid(_("Invite %(num)d people at once at most.", num=MOST), field="people")
    query = select(Person.id).where(Person.id.in_(people), *WORKS_HERE)
    if set(db.session.scalars(query)) != set(people):
        raise Invalid(_("Somebody of these does not work here any more."), field="people")


def _invited_anew(session_id: int, people: Sequence[int]) -> list[int]:
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    rows = [{"session_id": session_id, "person_id": each, "at": now()} for each in people]
    query = insert(Invitation).values(rows).on_conflict_do_nothing().returning(Invitation.person_id)
    return sorted(db.session.scalars(query.execution_options(synchronize_session=False)))


def everybody(session_id: int) -> list[int]:
    """Whoever was invited, sits or waits. Two queries."""
    sitting = select(Seat.person_id).where(Seat.session_id == session_id)
    asked = select(Invitation.person_id).where(Invitation.session_id == session_id)
    return sorted({*db.session.scalars(sitting), *db.session.scalars(asked)})
