"""Who is trained in what: shares of departments, never a person and never few of them.

A share is told of departments of at least five people. Fewer than five who came, or who did not,
are told as that and no closer; there are no sums, from which a small part would follow. What is
told is what it was when somebody of the department was trained last: it does not move with who
comes, goes or stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, delete, distinct, func, select

from forum.accounts.models import Person
from forum.accounts.queries import WORKS_HERE
from forum.core.csvfiles import sheet_parts
from forum.core.db import db
from forum.core.i18n import _, percent
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to
from forum.training.models import Seat, Session, SessionStandard, Share

FEWEST = 5


class Line(NamedTuple):
    """How many of a department's people were trained in a standard."""

    department: DepartmentCard
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


def shares(reader: Person) -> list[Line]:
    """Every department that was trained in a standard the reader sees, by name. One query."""
    query = (
        select(
            *(*CARD, Standard.number, Standard.title, Standard.lang),
            *(Share.trained, Share.people),
        )
        .join(Share, Share.department_id == Department.id)
        .join(Standard, Standard.id == Share.standard_id)
        .where(
            Share.trained > 0,
            Department.archived_at.is_(None),
            Standard.state == VersionState.IN_FORCE,
            visible_to(reader),
        )
        .order_by(Department.name, Standard.number)
    )
    found: Any = db.session.execute(query)
    return [Line._make((DepartmentCard(*row[:5]), *row[5:])) for row in found]


def keep_shares(session: Session, people: Collection[int]) -> None:
    """Write down the shares of a session's standards in the departments of those people, who came
    or did not after all, in the open write, as they are now. Six queries; none for nobody."""
    if not people:
        return
    standards = select(SessionStandard.standard_id).where(SessionStandard.session_id == session.id)
    held = select(Standard.id).where(Standard.id.in_(standards)).order_by(Standard.id)
    db.session.execute(held.with_for_update())  # two sessions may train one standard at once
    there: Any = db.session.scalars(
        select(Person.department_id)
        .where(Person.id.in_(people), Person.department_id.is_not(None))
        .distinct()
    )
    places: list[int] = list(there)
    old = delete(Share).where(Share.standard_id.in_(standards), Share.department_id.in_(places))
    db.session.execute(old.execution_options(synchronize_session=False))
    all_of_it = _people(places)
    db.session.add_all(
        Share(department_id=place, standard_id=standard, trained=trained, people=all_of_it[place])
        for place, standard, trained in db.session.execute(_trained(places, standards))
    )
    db.session.flush()


def _trained(places: Sequence[int], standards: Select[Any]) -> Any:
    """Department, standard and how many of those who work there were trained in it."""
    return (
        select(
            Person.department_id, SessionStandard.standard_id, func.count(distinct(Seat.person_id))
        )
        .join(Seat, and_(Seat.person_id == Person.id, Seat.attended.is_(True)))
        .join(SessionStandard, SessionStandard.session_id == Seat.session_id)
        .join(Session, and_(Session.id == Seat.session_id, Session.cancelled_at.is_(None)))
        .where(
            Person.department_id.in_(places),
            SessionStandard.standard_id.in_(standards),
            *WORKS_HERE,
        )
        .group_by(Person.department_id, SessionStandard.standard_id)
    )


def _people(places: Sequence[int]) -> dict[int, int]:
    query = (
        select(Person.department_id, func.count())
        .where(Person.department_id.in_(places), *WORKS_HERE)
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
