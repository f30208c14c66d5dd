"""What the administration shows of departments, and how it reads what was typed."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.accounts.handles import handle_of, read_person
from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.departments.models import Department, Representative
from forum.departments.pages import member_counts


class Listed(NamedTuple):
    """A line of the table."""

    id: int
    name: str
    slug: str
    code: str
    hue: int
    provisional: bool
    archived: bool
    above: str | None
    head: str | None
    members: int


def list_departments() -> list[Listed]:
    """Every department, closed ones last. Two queries."""
    above = aliased(Department)
    query = (
        select(
            Department.id,
            Department.name,
            Department.slug,
            Department.code,
            Department.hue,
            Department.provisional,
            Department.archived_at.is_not(None),
            above.name,
            Person.name,
        )
        .outerjoin(above, above.id == Department.parent_id)
        .outerjoin(Person, Person.id == Department.head_id)
        .order_by(Department.archived_at.is_not(None), Department.name, Department.id)
    )
    sizes = member_counts()
    return [Listed(*row, sizes.get(row[0], 0)) for row in db.session.execute(query)]


def department_or_404(department_id: int) -> Department:
    """A department by id. One query."""
    found = db.session.get(Department, department_id)
    if found is None:
        raise NotFound
    return found


def filled(department: Department) -> dict[str, str]:
    """The form's values. Two queries."""
    head = db.session.get(Person, department.head_id) if department.head_id else None
    return {
        "name": department.name,
        "code": department.code,
        "slug": department.slug,
        "parent": str(department.parent_id or ""),
        "hue": str(department.hue),
        "description": department.description,
        "head": handle_of(head) if head is not None else "",
        "representatives": "\n".join(map(handle_of, representatives(department.id))),
    }


def representatives(department_id: int) -> list[Person]:
    """Who answers for it. One query."""
    query = (
        select(Person)
        .join(Representative, Representative.person_id == Person.id)
        .where(Representative.department_id == department_id)
        .order_by(Representative.id)
    )
    return list(db.session.scalars(query))


def read_people(typed: str) -> list[int]:
    """People named one a line. Raises Invalid naming the line that is nobody."""
    lines = [line for line in typed.split("\n") if line.strip()]
    if len(lines) > 20:
        raise Invalid(_("Name at most 20 people."), field="representatives")
    found = [read_person(line, field="representatives") for line in lines]
    return [person_id for person_id in found if person_id is not None]


def colleagues(department_id: int) -> list[str]:
    """Suggestions for head and representatives: the department's own people. One query."""
    query = (
        select(Person)
        .where(Person.department_id == department_id, Person.deactivated_at.is_(None))
        .order_by(Person.name_key)
        .limit(100)
    )
    return [handle_of(person) for person in db.session.scalars(query)]
