"""The forum's own sections: people, services, standards; promises and ideas have a file each.

Modules have theirs in `beyond`: at 45 satisfaction, at 75 cases, at 85 thanks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, true

from forum.accounts.models import Person
from forum.core.i18n import lazy
from forum.core.kept import lines
from forum.departments import pages
from forum.departments.models import Department
from forum.departments.pages import PERSON
from forum.insights.passport import asked, promises, services
from forum.insights.passport.listed import SHOWN, Lines, days_since, lines_of
from forum.insights.passport.marks import THIS, read_by
from forum.insights.passport.registry import Section, register
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to, written_for


def install() -> None:
    """Register them."""
    at = "insights/passport/{}.html".format
    for section in (
        Section("people", lazy("Who answers for it"), at("people"), people, 10, "", of_people),
        Section(
            *("serves", lazy("Whom we serve"), at("services"), services.serves, 20, "map"),
            services.OF_SERVES,
        ),
        Section(
            *("served", lazy("Who serves us"), at("services"), services.served, 30, "map"),
            services.OF_SERVED,
        ),
        Section(
            *("promises", lazy("Promises kept"), at("promises"), promises.promises_of, 40, ""),
            *(promises.of_promises, promises.heads),
        ),
        Section(
            *("owned", lazy("Standards we look after"), at("standards"), owned, 50, ""),
            lambda _moderates: [read_by(_standards(_owned(THIS), true()))],
        ),
        Section(
            *("in-force", lazy("Standards that hold for us"), at("standards"), in_force, 55, ""),
            lambda _moderates: [read_by(_standards(_of_others(THIS), true()))],
        ),
        Section(
            *("open-answers", lazy("Open answers"), at("answers"), asked.open_answers, 60, ""),
            *(asked.of_open_answers, asked.heads),
        ),
        Section(
            *("ideas", lazy("Ideas that affect us"), at("ideas"), asked.ideas, 70, ""),
            asked.of_ideas,
        ),
    ):
        register(section)


class People(NamedTuple):
    """Who stands for a department."""

    head: pages.PersonCard | None
    representatives: list[pages.PersonCard]


def people(_reader: Person, department: Department) -> People | None:
    """The head and the representatives. Two queries."""
    found = People(pages.head_of(department), pages.representatives_of(department.id))
    return found if found.head or found.representatives else None


def of_people(_moderates: bool) -> Sequence[Any]:
    """What it follows from."""
    person = lines(*PERSON)
    head = select(Department.head_id).where(Department.id == THIS).scalar_subquery()
    return (
        select(person).where(Person.id == head).scalar_subquery(),
        read_by(pages.representing(THIS)),
    )


def owned(reader: Person, department: Department) -> Lines | None:
    """Standards in force that a department owns. One query."""
    query = _standards(_owned(department.id), visible_to(reader))
    return lines_of(query, f"/standards?department={department.slug}", _review)


def in_force(reader: Person, department: Department) -> Lines | None:
    """Standards in force that are written for it, by others. One query."""
    query = _standards(_of_others(department.id), visible_to(reader))
    return lines_of(query, f"/standards?department={department.slug}", _review)


def _owned(department_id: Any) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = Standard.owner_department_id == department_id
    return mine


def _of_others(department_id: Any) -> ColumnElement[bool]:
    owner = Standard.owner_department_id
    return written_for([department_id]) & or_(owner.is_(None), owner != department_id)


def _standards(which: ColumnElement[bool], seen: ColumnElement[bool]) -> Any:
    return (
        select(Standard.number, Standard.title, Standard.lang, Standard.review_on)
        .where(Standard.state == VersionState.IN_FORCE, seen, which)
        .order_by(Standard.sequence)
        .limit(SHOWN + 1)
    )


class Owned(NamedTuple):
    """A standard in force, and for how many days its review is overdue."""

    number: str
    title: str
    lang: str
    review_on: date | None
    late: int


def _review(row: Any) -> Owned:
    return Owned(row.number, row.title, row.lang, row.review_on, days_since(row.review_on))
