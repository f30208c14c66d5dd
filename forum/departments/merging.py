"""Two departments become one: who and what moves, and what stays as history."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _, lazy
from forum.departments import actions, facts, hooks, policy
from forum.departments.holding import hold_open
from forum.departments.membership import place
from forum.departments.models import Attachment, Department, Representative, Service

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
    if into.archived_at is not None:
        raise Conflict(CLOSED)
    with transaction():
        if not hold_open([into.id]):
            raise Conflict(CLOSED)
        if not actions.close_merged(old.id, into.id):
            raise Conflict(_("This department is archived already."))
        _rehang(admin, old, into)
        _move_people(admin, old, into)
        _move_services(old.id, into.id)
        hooks.move(old.id, into.id)
        actions.remember(admin, old.id, facts.MERGED, new=str(into.id))
        actions.remember(admin, into.id, facts.MERGED, old=str(old.id))
    db.session.refresh(old)


def _rehang(admin: Person | None, old: Department, into: Department) -> None:
    """The departments below hang under the heir; an heir from below steps up first."""
    if old.id in actions.line_of(into.parent_id):
        actions.move(admin, into, old.parent_id)
    db.session.execute(
        update(Department)
        .where(Department.parent_id == old.id, Department.id != into.id)
        .values(parent_id=into.id)
    )


def _move_people(admin: Person | None, old: Department, into: Department) -> None:
    members = select(Person.id).where(Person.department_id == old.id).order_by(Person.id)
    for person_id in list(db.session.scalars(members)):
        place(admin, person_id, into.id)
    present = select(Representative.person_id).where(Representative.department_id == into.id)
    db.session.execute(
        update(Representative)
        .where(
            Representative.department_id == old.id,
            Representative.person_id.not_in(present),
        )
        .values(department_id=into.id)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(Representative).where(Representative.department_id == old.id))
    if into.head_id is None and old.head_id is not None:
        actions.set_head(admin, into, old.head_id)
    db.session.execute(
        update(Attachment)
        .where(
            Attachment.department_id == old.id,
            or_(Attachment.until.is_(None), Attachment.until > now()),
        )
        .values(until=now())
    )


def _move_services(old_id: int, new_id: int) -> None:
    """Services change sides; one that would serve itself or exist twice disappears."""
    rows = list(
        db.session.scalars(
            select(Service).where((Service.provider_id == old_id) | (Service.customer_id == old_id))
        )
    )
    every = select(Service.provider_id, Service.customer_id, Service.name)
    known = {(row[0], row[1], row[2]) for row in db.session.execute(every)}
    for service in rows:
        provider = new_id if service.provider_id == old_id else service.provider_id
        customer = new_id if service.customer_id == old_id else service.customer_id
        if provider == customer or (provider, customer, service.name) in known:
            db.session.delete(service)
        else:
            known.add((provider, customer, service.name))
            service.provider_id, service.customer_id = provider, customer
    db.session.flush()
