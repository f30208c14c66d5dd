"""Where a person belonged, and which seats they held."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, literal, or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, rows
from forum.departments import actions, membership
from forum.departments.models import (
    Attachment,
    Department,
    DepartmentChange,
    Deputy,
    Edge,
    Membership,
    Representative,
    Service,
    ServiceChange,
    Side,
)
from forum.departments.services import following
from forum.departments.services.curating import forget_owner


def about(person_id: int) -> dict[str, Rows]:
    """Memberships, seats, deputies, attachments, changes by them and naming them, what
    they give, get, own or wrote on the map. Ten queries."""
    return {
        "memberships": rows(Membership, Membership.person_id == person_id),
        "heads": rows(Department, Department.head_id == person_id),
        "represents": rows(Representative, Representative.person_id == person_id),
        "deputies": rows(Deputy, or_(Deputy.person_id == person_id, Deputy.deputy_id == person_id)),
        "attachments": rows(Attachment, Attachment.person_id == person_id),
        "changes": rows(DepartmentChange, DepartmentChange.by_id == person_id),
        "appointments": rows(DepartmentChange, _names(person_id)),
        "sides": rows(Side, Side.person_id == person_id),
        "services": rows(Service, or_(Service.drawn_by_id == person_id, _in(Service, person_id))),
        "service_changes": rows(
            ServiceChange, or_(ServiceChange.by_id == person_id, _in(ServiceChange, person_id))
        ),
    }


def _in(model: type[Edge], person_id: int) -> ColumnElement[bool]:
    """Whether an edge has them at one of its ends, or is looked after by them."""
    mine = select(Side.id).where(Side.person_id == person_id)
    return or_(
        model.provider_side_id.in_(mine),
        model.customer_side_id.in_(mine),
        model.provider_owner_id == person_id,
        model.customer_owner_id == person_id,
    )


def _names(person_id: int) -> ColumnElement[bool]:
    """Whether a change is about who heads or represents a department, this person among them."""
    ids = literal(" ") + DepartmentChange.old + " " + DepartmentChange.new + " "
    about_people = DepartmentChange.what.in_(("head-set", "representatives-set"))
    return and_(about_people, ids.contains(f" {person_id} ", autoescape=True))


def erase(erasure: Erasure) -> None:
    """Seats become empty; past memberships stay, because they name a number only."""
    person_id, by = erasure.person_id, erasure.by
    headed = list(db.session.scalars(select(Department).where(Department.head_id == person_id)))
    for department in headed:
        actions.set_head(by, department, None)
    seats = select(Representative.department_id).where(Representative.person_id == person_id)
    for department_id in list(db.session.scalars(seats)):
        department = db.session.get_one(Department, department_id)
        query = select(Representative.person_id).where(
            Representative.department_id == department_id, Representative.person_id != person_id
        )
        actions.set_representatives(by, department, list(db.session.scalars(query)))
    attached = select(Attachment.department_id).where(Attachment.person_id == person_id)
    membership.detach(by, person_id, list(db.session.scalars(attached)))
    membership.place(by, person_id, None)
    named = or_(Deputy.person_id == person_id, Deputy.deputy_id == person_id)
    db.session.execute(delete(Deputy).where(named))
    forget_owner(by, person_id)
    if db.session.get_one(Person, person_id).deactivated_at is None:
        following.person_left(person_id)


HOLDING = Holding("departments", about, erase)
