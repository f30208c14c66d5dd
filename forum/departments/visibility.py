"""Which departments and people a reader may see, as conditions that every query carries."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select, true

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.departments.models import Department, Representative
from forum.departments.queries import DepartmentCard, current_cards, department_or_404
from forum.departments.scope import scope_of


def departments_visible_to(reader: Person) -> ColumnElement[bool]:
    """All of them, or for a consultant those they are attached to."""
    scope = scope_of(reader)
    return true() if scope.departments is None else Department.id.in_(list(scope.departments))


def choices_for(reader: Person, *, also: Collection[int] = ()) -> list[DepartmentCard]:
    """The departments a reader may choose from: those they see, and those named anyway. One query.

    One more a request for a consultant.
    """
    scope = scope_of(reader)
    cards = current_cards()
    if scope.departments is None:
        return cards
    return [card for card in cards if card.id in scope.departments or card.id in also]


def chosen_by_address(reader: Person, slug: str) -> list[int]:
    """The department a poster means, by any address it had; the heir's of one that was merged.

    Nothing for an address that leads nowhere, or where the reader may not choose. At most three
    queries, and one for each merge.
    """
    try:
        found: Department | None = department_or_404(slug)
    except NotFound:
        return []
    while found is not None and found.merged_into_id is not None:
        found = db.session.get(Department, found.merged_into_id)
    choices = {card.id for card in choices_for(reader)}
    return [found.id] if found is not None and found.id in choices else []


def people_visible_to(reader: Person) -> ColumnElement[bool]:
    """Everybody, or for a consultant themselves and the people of their departments."""
    scope = scope_of(reader)
    if scope.departments is None:
        return true()
    ids = list(scope.departments)
    answering = select(Representative.person_id).where(Representative.department_id.in_(ids))
    heading = select(Department.head_id).where(
        Department.id.in_(ids), Department.head_id.is_not(None)
    )
    return or_(
        Person.id == reader.id,
        Person.department_id.in_(ids),
        Person.id.in_(answering),
        Person.id.in_(heading),
    )


def visible_department(reader: Person, slug: str) -> Department:
    """A department by an address it has or had; 404 outside the reader's scope."""
    department = department_or_404(slug)
    check_visible(reader, department.id)
    return department


def check_visible(reader: Person, department_id: int) -> None:
    """404 unless the department is within the reader's scope."""
    scope = scope_of(reader)
    if scope.departments is not None and department_id not in scope.departments:
        raise NotFound
