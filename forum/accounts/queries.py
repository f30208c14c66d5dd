"""Finding people."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from forum.accounts.addresses import clean_handle
from forum.accounts.models import Kind, Person, PersonSession, Role
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Conflict, NotFound
from forum.core.i18n import _


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


WORKS_HERE = (
    Person.kind == Kind.STAFF,
    Person.deactivated_at.is_(None),
    Person.erased_at.is_(None),
)
"""Staff who may come in."""
ADMINISTERS = (
    Person.role == Role.ADMIN,
    Person.deactivated_at.is_(None),
    Person.erased_at.is_(None),
)


def active_admins() -> int:
    """How many administrators can sign in. One query."""
    return db.session.scalar(select(func.count(Person.id)).where(*ADMINISTERS)) or 0


def first_administrator() -> Person:
    """Who stands for what a command does. One query. Raises Conflict where nobody can sign in."""
    query = select(Person).where(*ADMINISTERS).order_by(Person.id).limit(1)
    found = db.session.scalars(query).first()
    if found is None:
        raise Conflict(_("There is no administrator yet: run “forum init” first."))
    return found


def open_sessions(person: Person) -> list[PersonSession]:
    """Where somebody is signed in, newest first. One query."""
    query = select(PersonSession).where(
        PersonSession.person_id == person.id,
        PersonSession.epoch == person.epoch,
        PersonSession.revoked_at.is_(None),
        PersonSession.expires_at > now(),
    )
    return list(db.session.scalars(query.order_by(PersonSession.id.desc()).limit(100)))
