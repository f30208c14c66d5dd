"""Who is trained in what: shares of departments, never a person and never few of them.

A share is told of departments of at least five people. Fewer than five who came, or who did not,
are told as that and no closer; there are no sums, from which a small part would follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import and_, distinct, func, select

from forum.accounts.models import Person
from forum.accounts.queries import WORKS_HERE
from forum.core.csvfiles import sheet_parts
from forum.core.db import db
from forum.core.i18n import _, percent
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to
from forum.training.models import Seat, Session, SessionStandard

FEWEST = 5


class Share(NamedTuple):
    """How many of a department's people were trained in a standard."""

    department: DepartmentCard
    standard_id: int
    number: str
    title: str
    lang: str
    trained: int
    people: int

    @property
    def words(self) -> str:
        """What may be told of it; the same for whoever asks."""
        if self.people < FEWEST:
            return _("too few people to tell")
        if self.trained < FEWEST:
            return _("fewer than five")
        if self.people - self.trained < FEWEST:
            return _("all but fewer than five")
        return _("about %(share)s", share=percent(round(self.trained * 10 / self.people) * 10))


def shares(reader: Person) -> list[Share]:
    """Every department that was trained in a standard the reader sees, by name. Two queries."""
    people = _people()
    trained = func.count(distinct(Seat.person_id))
    query = (
        select(*CARD, Standard.id, Standard.number, Standard.title, Standard.lang, trained)
        .join(SessionStandard, SessionStandard.standard_id == Standard.id)
        .join(Session, Session.id == SessionStandard.session_id)
        .join(Seat, and_(Seat.session_id == Session.id, Seat.attended.is_(True)))
        .join(Person, Person.id == Seat.person_id)
        .join(Department, Department.id == Person.department_id)
        .where(
            Session.cancelled_at.is_(None),
            Standard.state == VersionState.IN_FORCE,
            visible_to(reader),
            *WORKS_HERE,
        )
        .group_by(*CARD, Standard.id, Standard.number, Standard.title, Standard.lang)
        .order_by(Department.name, Standard.number)
    )
    found: Any = db.session.execute(query)
    return [
        Share._make((DepartmentCard(*row[:5]), *row[5:10], people.get(row[0], 0))) for row in found
    ]


def _people() -> dict[int, int]:
    query = (
        select(Person.department_id, func.count())
        .where(Person.department_id.is_not(None), *WORKS_HERE)
        .group_by(Person.department_id)
    )
    found: Any = db.session.execute(query)
    return {row[0]: row[1] for row in found}


class Own(NamedTuple):
    """A standard in which the reader was trained, and when last."""

    number: str
    title: str
    lang: str
    at: Any


def own(reader: Person) -> list[Own]:
    """What the reader was trained in. One query."""
    query = (
        select(Standard.number, Standard.title, Standard.lang, func.max(Session.starts_at))
        .join(SessionStandard, SessionStandard.standard_id == Standard.id)
        .join(Session, Session.id == SessionStandard.session_id)
        .join(Seat, Seat.session_id == Session.id)
        .where(
            Seat.person_id == reader.id,
            Seat.attended.is_(True),
            Session.cancelled_at.is_(None),
            visible_to(reader),
        )
        .group_by(Standard.id, Standard.number, Standard.title, Standard.lang, Standard.sequence)
        .order_by(Standard.sequence)
    )
    return [Own._make(row) for row in db.session.execute(query)]


def as_csv(reader: Person) -> Iterator[str]:
    """The shares as a file."""
    head = [_("Department"), _("Standard"), _("Title"), _("Trained")]
    rows = ([each.department.name, each.number, each.title, each.words] for each in shares(reader))
    return sheet_parts(head, rows)
