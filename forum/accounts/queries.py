"""Finding people."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from forum.accounts.addresses import clean_handle
from forum.accounts.models import Person, PersonSession, Role
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound


def by_handle(handle: str) -> Person | None:
    """Somebody by e-mail or staff number, whatever the case. One query."""
    plain = clean_handle(handle)
    if not plain or len(plain) > 254:
        return None
    query = select(Person).where(or_(Person.email == plain, Person.login == plain))
    return db.session.scalars(query.order_by(Person.email.is_(None)).limit(1)).first()


def person_or_404(person_id: int) -> Person:
    """Somebody by id. One query."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def active_admins() -> int:
    """How many administrators can sign in. One query."""
    query = select(func.count(Person.id)).where(
        Person.role == Role.ADMIN, Person.deactivated_at.is_(None), Person.erased_at.is_(None)
    )
    return db.session.scalar(query) or 0


def open_sessions(person: Person) -> list[PersonSession]:
    """Where somebody is signed in, newest first. One query."""
    query = select(PersonSession).where(
        PersonSession.person_id == person.id,
        PersonSession.epoch == person.epoch,
        PersonSession.revoked_at.is_(None),
        PersonSession.expires_at > now(),
    )
    return list(db.session.scalars(query.order_by(PersonSession.id.desc()).limit(100)))
