"""Reading the tree and who answers for whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from forum.accounts.models import Kind, Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.departments.models import Department, DepartmentSlug, Representative


class DepartmentCard(NamedTuple):
    """What a badge or a choice shows of a department."""

    id: int
    name: str
    slug: str
    code: str
    hue: int

    @property
    def url(self) -> str:
        """Its page."""
        return f"/departments/{self.slug}"

    @property
    def option(self) -> tuple[str, str]:
        """Value and label in a choice."""
        return str(self.id), self.name


CARD = (Department.id, Department.name, Department.slug, Department.code, Department.hue)


CURRENT = select(*CARD).where(Department.archived_at.is_(None)).order_by(Department.name)


def current_cards() -> list[DepartmentCard]:
    """Every department that is not archived, by name. One query."""
    return [DepartmentCard._make(row) for row in db.session.execute(CURRENT)]


def cards_by_id(ids: Iterable[int]) -> dict[int, DepartmentCard]:
    """Cards of some departments, archived ones too. One query."""
    query = select(*CARD).where(Department.id.in_(list(ids)))
    return {row.id: DepartmentCard(*row) for row in db.session.execute(query)}


def department_or_404(slug: str) -> Department:
    """A department by its address, or by one it had earlier. One or two queries."""
    found = db.session.scalars(select(Department).where(Department.slug == slug)).first()
    if found is None:
        query = (
            select(Department)
            .join(DepartmentSlug, DepartmentSlug.department_id == Department.id)
            .where(DepartmentSlug.slug == slug)
        )
        found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


ANSWERED_BY = select(Department.id).where(
    or_(
        Department.head_id == bindparam("person_id"),
        Department.id.in_(
            select(Representative.department_id).where(
                Representative.person_id == bindparam("person_id")
            )
        ),
    ),
    Department.archived_at.is_(None),
)


def answers_for(person_id: int) -> frozenset[int]:
    """The departments somebody answers for, as representative or head. One query."""
    return frozenset(db.session.scalars(ANSWERED_BY, {"person_id": person_id}))


def answered_by(person_id: Any) -> ColumnElement[bool]:
    """Whether a person answers for the query's department: `answers_for` as a condition."""
    represents = exists().where(
        Representative.department_id == Department.id, Representative.person_id == person_id
    )
    return and_(Department.archived_at.is_(None), or_(Department.head_id == person_id, represents))


MAY_ANSWER = and_(Person.deactivated_at.is_(None), Person.kind != Kind.BOARD)
"""Who is asked for an answer: boards see everything and do not answer."""


def answerers_of(department_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each department the people who answer for it: representatives, else the head.

    Whoever may not sign in any more, or sits on a board, is passed over, or nobody who may answer
    would ever hear of what waits.
    """
    ids = list(department_ids)
    people: dict[int, list[int]] = {department_id: [] for department_id in ids}
    query = (
        select(Representative.department_id, Representative.person_id)
        .join(Person, Person.id == Representative.person_id)
        .where(Representative.department_id.in_(ids), MAY_ANSWER)
    )
    for department_id, person_id in db.session.execute(query.order_by(Representative.id)):
        people[department_id].append(person_id)
    heads = (
        select(Department.id, Department.head_id)
        .join(Person, Person.id == Department.head_id)
        .where(Department.id.in_([d for d in ids if not people[d]]), MAY_ANSWER)
    )
    for department_id, head_id in db.session.execute(heads):
        people[department_id] += [head_id] if head_id is not None else []
    return people
