"""The reader's departments, beside every page; they are read with the session."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, String, cast, func, or_, select

from forum.accounts.models import Person
from forum.departments.models import Department, Representative
from forum.departments.queries import DepartmentCard
from forum.departments.scope import scope_of

NAME = "departments"
MOST = 8


def column() -> ColumnElement[Any]:
    """Where a person works and what they answer for, in one column of lines."""
    # The person is the one of the outer statement, named so because this is two levels down.
    represents = (
        select(Representative.id)
        .where(Representative.department_id == Department.id, Representative.person_id == Person.id)
        .correlate(Department, Person)
        .exists()
    )
    values = (Department.id, Department.hue, Department.slug, Department.code, Department.name)
    line: Any = cast(values[0], String)
    for value in values[1:]:
        line = line + " " + cast(value, String)
    return (
        select(func.aggregate_strings(line, "\n"))
        .where(
            Department.archived_at.is_(None),
            or_(
                Department.id == Person.department_id,
                Department.head_id == Person.id,
                represents,
            ),
        )
        .correlate(Person)
        .scalar_subquery()
    )


def my_departments() -> dict[str, Any]:
    """For every page; a consultant's are those they are let in to, which change by the hour."""
    person = g.get("person")
    joined = g.get("along", {}).get(NAME) if person is not None else None
    return {"my_departments": [] if not joined or person.is_consultant else cards(joined)}


@lru_cache(1024)
def cards(joined: str) -> list[DepartmentCard]:
    """Cards out of lines, by name."""
    found = []
    for line in joined.split("\n"):
        number, hue, slug, code, name = line.split(" ", 4)
        found.append(DepartmentCard(int(number), name, slug, code, int(hue)))
    return sorted(found, key=lambda card: card.name)[:MOST]


def opened() -> frozenset[int] | None:
    """The departments whose pages are there for the reader; None for all. No query but for a
    consultant."""
    person = g.get("person")
    return scope_of(person).departments if person is not None else None


def is_open(card: Any) -> bool:
    """Whether the page of a department is there for the reader; one without an id is taken to be
    chosen for them already."""
    seen = opened()
    number = card.get("id") if isinstance(card, dict) else card.id
    return seen is None or number is None or number in seen


def install(app: Any) -> None:
    """Ask for them with the session, and give them to every template."""
    from forum.accounts import sessions

    sessions.bring_along(NAME, column())
    app.context_processor(my_departments)
    app.jinja_env.globals["is_open"] = is_open
