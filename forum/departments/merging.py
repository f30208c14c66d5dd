"""Two departments become one: who and what moves, and what stays as history."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _, lazy
from forum.departments import actions, facts, hooks, policy, reach
from forum.departments.membership import detach, place
from forum.departments.models import Attachment, Department, Representative
from forum.departments.services import following

CLOSED = lazy("The department to merge into is archived.")


def merge(admin: Person | None, old: Department, into: Department) -> None:
    """Make a department part of another, in one write.

    Members, representatives, departments below, services, open answers and what it owns move.
    Votes keep the department of their day. Consultants' attachments end rather than grow to what
    they were never meant to see. Raises Invalid for itself, Conflict when either is closed.
    """
    require(policy.may_manage(admin))
    if old.id == into.id:
        raise Invalid(_("Choose another department."), field="into")
    with transaction():
        if into.id not in actions.lock_tree():
            raise Conflict(CLOSED)
        if not actions.close_merged(old.id, into.id):
            raise Conflict(_("This department is archived already."))
        _rehang(admin, old, into)
        _move_people(admin, old, into)
        following.departments_merged(admin, old.id, into.id)
        reach.move_limits(old.id, into.id)
        hooks.move(old.id, into.id)
        actions.remember(admin, old.id, facts.MERGED, new=str(into.id))
        actions.remember(admin, into.id, facts.MERGED, old=str(old.id))
    db.session.refresh(old)


def _rehang(admin: Person | None, old: Department, into: Department) -> None:
    """The departments below hang under the heir; an heir from below steps up first."""
    if old.id in actions.line_of(into.parent_id):
        actions.move(admin, into, old.parent_id)
    children = select(Department.id).where(Department.parent_id == old.id, Department.id != into.id)
    moved = list(db.session.scalars(children.order_by(Department.id)))
    db.session.execute(update(Department).where(Department.id.in_(moved)).values(parent_id=into.id))
    for child_id in moved:
        actions.remember(admin, child_id, facts.MOVED, old=str(old.id), new=str(into.id))


def _move_people(admin: Person | None, old: Department, into: Department) -> None:
    members = select(Person.id).where(Person.department_id == old.id).order_by(Person.id)
    for person_id in list(db.session.scalars(members)):
        place(admin, person_id, into.id)
    answering = actions.represented_by(into.id) | actions.represented_by(old.id)
    actions.set_representatives(admin, into, sorted(answering))
    db.session.execute(delete(Representative).where(Representative.department_id == old.id))
    if into.head_id is None and old.head_id is not None:
        actions.set_head(admin, into, old.head_id)
    attached = select(Attachment.person_id).where(
        Attachment.department_id == old.id,
        or_(Attachment.until.is_(None), Attachment.until > now()),
    )
    for person_id in sorted(set(db.session.scalars(attached))):
        detach(admin, person_id, [old.id])
