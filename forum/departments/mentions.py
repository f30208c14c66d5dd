"""Whom and what one can call in a text, as one types."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select

from forum.accounts.models import Person
from forum.accounts.names import name_key
from forum.core.db import db
from forum.core.textcheck import clean_line
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard
from forum.departments.visibility import departments_visible_to, people_visible_to

PEOPLE, DEPARTMENTS, LONGEST = 8, 4, 60


def callable_by(reader: Person, typed: str) -> list[dict[str, Any]]:
    """People and departments a word of whose name begins so. Two queries.

    Nothing typed yet: the colleagues of the reader's own department.
    """
    wanted = name_key(clean_line(typed[:LONGEST]))
    return [*_people(reader, wanted), *_departments(reader, wanted)]


def _people(reader: Person, wanted: str) -> list[dict[str, Any]]:
    query = (
        select(Person.id, Person.name, Person.job_title, Department.name.label("department"))
        .outerjoin(
            Department,
            and_(Department.id == Person.department_id, departments_visible_to(reader)),
        )
        .where(
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
            people_visible_to(reader),
        )
        .order_by(Person.name_key, Person.id)
        .limit(PEOPLE)
    )
    if wanted:
        query = query.where(Person.name_key.contains(wanted, autoescape=True))
    else:
        query = query.where(Person.department_id == reader.department_id, Person.id != reader.id)
    return [
        _item("person", row.id, row.name, row.department or row.job_title)
        for row in db.session.execute(query)
    ]


def _departments(reader: Person, wanted: str) -> list[dict[str, Any]]:
    if not wanted:
        return []
    query = (
        select(*CARD)
        .where(Department.archived_at.is_(None), departments_visible_to(reader))
        .order_by(Department.name)
    )
    cards = [DepartmentCard(*row) for row in db.session.execute(query)]
    fitting = [c for c in cards if wanted in name_key(c.name) or wanted in name_key(c.code)]
    return [_item("department", c.id, c.name, c.code) for c in fitting[:DEPARTMENTS]]


def _item(kind: str, number: int, name: str, note: str) -> dict[str, Any]:
    plain = " ".join(name.translate({ord(c): " " for c in "[]"}).split())
    return {
        "kind": kind,
        "id": number,
        "name": plain,
        "note": note,
        "markdown": f"@[{plain}]({kind}:{number})",
    }
