"""Who belongs where since when, and which departments a consultant is let into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.departments import facts, policy
from forum.departments.actions import lock_tree
from forum.departments.holding import hold_open
from forum.departments.models import Attachment, Membership
from forum.departments.services import following


def hold(person: Person) -> None:
    """Lock the tree and then somebody, and see them as they are now; first in the open write.

    In this order, as a merge does: who began with the person would wait for it, and it for them.
    """
    lock_tree()
    db.session.refresh(person, with_for_update=True)


def place(
    admin: Person | None, person_id: int, department_id: int | None, *, at: datetime | None = None
) -> None:
    """Put somebody into a department, or into none; the time before is kept as history.

    The person's row is written first: it is the lock that lets two moves queue.
    """
    require(policy.may_manage(admin))
    since = at or now()
    with transaction():
        if department_id is not None:
            _check_open(department_id)
        moved = db.session.execute(
            update(Person)
            .where(Person.id == person_id, Person.department_id.is_distinct_from(department_id))
            .values(department_id=department_id)
        )
        if not moved.rowcount:  # type: ignore[attr-defined]
            return
        db.session.execute(
            update(Membership)
            .where(Membership.person_id == person_id, Membership.until.is_(None))
            .values(until=since)
        )
        if department_id is not None:
            db.session.add(
                Membership(person_id=person_id, department_id=department_id, since=since)
            )
        following.person_moved(admin, person_id, department_id)
        about = ("person", person_id)
        record(facts.MEMBER_MOVED, by=admin, about=about, department=department_id)


def place_newcomers(admin: Person | None, places: Mapping[int, int]) -> None:
    """Put people who were just added, and belong nowhere yet, into departments by their ids."""
    require(policy.may_manage(admin))
    with transaction():
        _check_open(*set(places.values()))
        db.session.execute(
            update(Person), [{"id": who, "department_id": where} for who, where in places.items()]
        )
        for person_id, department_id in places.items():
            db.session.add(Membership(person_id=person_id, department_id=department_id))
            about = ("person", person_id)
            record(facts.MEMBER_MOVED, by=admin, about=about, department=department_id)
        db.session.flush()


def _check_open(*ids: int) -> None:
    """Refuse departments that are closed, and let none of them close before the write ends."""
    if hold_open(ids) != set(ids):
        raise Invalid(_("Choose a department from the list."), field="department")


def attach(
    admin: Person | None, person_id: int, department_id: int, *, until: datetime | None = None
) -> None:
    """Let a consultant in to a department, from now until a moment; again moves the end."""
    require(policy.may_manage(admin))
    with transaction():
        _check_open(department_id)
        _lock(person_id)
        kept = db.session.execute(
            update(Attachment)
            .where(
                Attachment.person_id == person_id,
                Attachment.department_id == department_id,
                _runs(),
            )
            .values(until=until)
        )
        if not kept.rowcount:  # type: ignore[attr-defined]
            db.session.add(
                Attachment(person_id=person_id, department_id=department_id, until=until)
            )
        record(facts.ATTACHED, by=admin, about=("person", person_id), department=department_id)


def detach(admin: Person | None, person_id: int, department_ids: Iterable[int]) -> None:
    """End attachments now."""
    require(policy.may_manage(admin))
    ids = list(department_ids)
    with transaction():
        ended = db.session.execute(
            update(Attachment)
            .where(Attachment.person_id == person_id, Attachment.department_id.in_(ids), _runs())
            .values(until=now())
        )
        if ended.rowcount:  # type: ignore[attr-defined]
            record(facts.ATTACHED, by=admin, about=("person", person_id), ended=ids)


def attach_only(admin: Person | None, person_id: int, wanted: Iterable[int]) -> None:
    """Make these the departments somebody is attached to; those that stay keep their end."""
    from forum.departments.scope import attached_departments

    chosen = frozenset(wanted)
    present = attached_departments(person_id)
    with transaction():
        if gone := present - chosen:
            detach(admin, person_id, gone)
        for department_id in sorted(chosen - present):
            attach(admin, person_id, department_id)


def _runs() -> ColumnElement[bool]:
    return or_(Attachment.until.is_(None), Attachment.until > now())


def _lock(person_id: int) -> None:
    query = select(Person.id).where(Person.id == person_id).with_for_update()
    if db.session.scalar(query) is None:
        raise Invalid(_("Choose a person from the list."))
