"""What an administrator decides about somebody: role, kind, and whether they may come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from forum.accounts import facts, sessions
from forum.accounts.models import Kind, Person, Role
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy

LEFT: list[Callable[[int], None]] = []
"""What features take back from somebody who does not work here any more, in the open write."""
LAST_ADMIN = lazy("This is the last administrator who can sign in. Appoint another one first.")


def set_role(admin: Person | None, person: Person, role: str) -> None:
    """Give a role, ending the person's sessions; Conflict for the last administrator.

    `admin` is None for the server's own shell.
    """
    _check(admin, role, [each.value for each in Role])
    before = str(person.role)
    with transaction():
        if role != Role.ADMIN:
            keep_an_admin(without=person.id)
        changed = db.session.execute(
            update(Person).where(Person.id == person.id, Person.role != role).values(role=role)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            sessions.end_all(person)
            about = ("person", person.id)
            record(facts.ROLE_CHANGED, by=admin, about=about, role=role, before=before, after=role)


def set_kind(admin: Person | None, person: Person, kind: str) -> None:
    """Make somebody staff, board or consultant, ending their sessions."""
    _check(admin, kind, [each.value for each in Kind])
    before = str(person.kind)
    with transaction():
        changed = db.session.execute(
            update(Person).where(Person.id == person.id, Person.kind != kind).values(kind=kind)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            sessions.end_all(person)
            told: dict[str, Any] = {"person_kind": kind, "before": before, "after": kind}
            record(facts.CHANGED, by=admin, about=("person", person.id), **told)
            if kind != Kind.STAFF:
                _leave(person.id)


def deactivate(admin: Person | None, person: Person) -> None:
    """Keep somebody out from this moment on; twice is the same as once."""
    require(admin is None or admin.administers)
    with transaction():
        keep_an_admin(without=person.id)
        changed = db.session.execute(
            update(Person)
            .where(Person.id == person.id, Person.deactivated_at.is_(None))
            .values(deactivated_at=now())
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            sessions.end_all(person)
            record(facts.DEACTIVATED, by=admin, about=("person", person.id))
            _leave(person.id)


def _leave(person_id: int) -> None:
    for take_back in LEFT:
        take_back(person_id)


def reactivate(admin: Person | None, person: Person) -> None:
    """Let somebody in again; an erased person stays gone."""
    require(admin is None or admin.administers)
    with transaction():
        changed = db.session.execute(
            update(Person)
            .where(
                Person.id == person.id,
                Person.deactivated_at.is_not(None),
                Person.erased_at.is_(None),
            )
            .values(deactivated_at=None)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            record(facts.REACTIVATED, by=admin, about=("person", person.id))


def keep_an_admin(*, without: int) -> None:
    """Refuse, in the open write, to go on when nobody but this person could administer.

    Administrators who have never chosen a password do not count beside those who have. All their
    rows are locked, so two of them cannot remove each other at once.
    """
    query = select(Person.id, Person.password_hash.is_not(None)).where(
        Person.role == Role.ADMIN, Person.deactivated_at.is_(None), Person.erased_at.is_(None)
    )
    rows = db.session.execute(query.order_by(Person.id).with_for_update()).all()
    able = {person_id for person_id, has_password in rows if has_password}
    if (able or {person_id for person_id, _has_password in rows}) == {without}:
        raise Conflict(LAST_ADMIN)


def _check(admin: Person | None, value: str, known: list[str]) -> None:
    require(admin is None or admin.administers)
    if value not in known:
        raise Invalid(_("Choose one from the list."))
