"""The forum's own sections: people, services, standards, promises, answers, ideas.

Modules have theirs in `beyond`: at 45 satisfaction, at 75 cases, at 85 thanks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, true

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.i18n import lazy
from forum.core.kept import lines
from forum.departments import pages
from forum.departments.models import Department, Service, Side
from forum.departments.pages import PERSON
from forum.departments.scope import scope_of
from forum.departments.services.queries import COUNTED
from forum.ideas.models import Answer, AnswerKind, Idea, StageKind
from forum.ideas.phrases import ANSWERS
from forum.ideas.policy import UNSETTLED
from forum.ideas.stages import name_of
from forum.ideas.visibility import listed, listed_for
from forum.insights.map.forms import LEVELS
from forum.insights.map.listing import Line, said
from forum.insights.map.names import Called
from forum.insights.passport import promises
from forum.insights.passport.marks import THIS, read_by
from forum.insights.passport.registry import Follows, Section, register
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to, written_for

SHOWN = 10
"""Lines of a section; the rest is a link."""
MOST_SERVICES = 200
"""So many fit on a passport that is read; the map has them all."""
CAME_OF_IT = (
    StageKind.ACCEPTED,
    StageKind.STANDARDISED,
    StageKind.DONE,
    StageKind.DECLINED,
)


def install() -> None:
    """Register them."""
    at = "insights/passport/{}.html".format
    for section in (
        Section("people", lazy("Who answers for it"), at("people"), people, 10, "", of_people),
        Section(
            *("serves", lazy("Whom we serve"), at("services"), serves, 20, "map"),
            _of_services(Service.provider_id, Service.customer_id, Service.customer_side_id),
        ),
        Section(
            *("served", lazy("Who serves us"), at("services"), served, 30, "map"),
            _of_services(Service.customer_id, Service.provider_id, Service.provider_side_id),
        ),
        Section(
            *("promises", lazy("Promises kept"), at("promises"), promises.promises_of, 40, ""),
            promises.of_promises,
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
            *("open-answers", lazy("Open answers"), at("answers"), open_answers, 60, ""),
            lambda moderates: [read_by(_waiting(THIS, listed(None, None, moderates=moderates)))],
        ),
        Section(
            *("ideas", lazy("Ideas that affect us"), at("ideas"), ideas, 70, ""),
            lambda moderates: [read_by(_decided(THIS, listed(None, None, moderates=moderates)))],
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


def serves(reader: Person, department: Department) -> list[Edge]:
    """The services a department provides; none for whom the map is limited. Four queries."""
    found = _services(reader, Service.provider_id == department.id)
    return [Edge(line, line.customer) for line in found]


def served(reader: Person, department: Department) -> list[Edge]:
    """Those it receives. Four queries."""
    found = _services(reader, Service.customer_id == department.id)
    return [Edge(line, line.provider) for line in found]


class Edge(NamedTuple):
    """A service as one of its sides sees it."""

    service: Line
    other: Called

    @property
    def matters(self) -> str:
        """How much hangs on it, in the reader's words."""
        level = self.service.criticality
        return str(LEVELS.get(level, level))


def _services(reader: Person, which: ColumnElement[bool]) -> list[Line]:
    """What both sides agree on."""
    if scope_of(reader).limited:
        return []
    query = select(Service).where(which, Service.state.in_(COUNTED))
    query = query.order_by(Service.name, Service.id).limit(MOST_SERVICES)
    return said(reader, list(db.session.scalars(query)))


def _of_services(own: Any, other: Any, side: Any) -> Follows:
    """What the services follow from where a department is the one side of them."""
    query = (
        select(Service.id, Service.name, Service.criticality, Department.name.label("place"))
        .add_columns(Side.kind, Side.name.label("side"), Person.name.label("person"))
        .outerjoin(Department, Department.id == other)
        .outerjoin(Side, Side.id == side)
        .outerjoin(Person, Person.id == Side.person_id)
        .where(own == THIS, Service.state.in_(COUNTED))
    )
    return lambda _moderates: [read_by(query)]


class Lines(NamedTuple):
    """The first lines of a list, and where the whole is if there is more."""

    rows: list[Any]
    more_url: str


def _lines(query: Any, more_url: str) -> Lines | None:
    rows = list(read_columns(query).all())
    return Lines(rows[:SHOWN], more_url if len(rows) > SHOWN else "") if rows else None


def owned(reader: Person, department: Department) -> Lines | None:
    """Standards in force that a department owns. One query."""
    query = _standards(_owned(department.id), visible_to(reader))
    return _lines(query, f"/standards?department={department.slug}")


def in_force(reader: Person, department: Department) -> Lines | None:
    """Standards in force that are written for it, by others. One query."""
    query = _standards(_of_others(department.id), visible_to(reader))
    return _lines(query, f"/standards?department={department.slug}")


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


def open_answers(reader: Person, department: Department) -> Lines | None:
    """Undecided ideas that wait for its answer, those due first. One query."""
    query = _waiting(department.id, listed_for(reader))
    return _lines(query, f"/ideas?affected={department.slug}")


def _waiting(department_id: Any, seen: ColumnElement[bool]) -> Any:
    return (
        select(Idea.id, Idea.title, Idea.lang, Answer.due_on)
        .join(Answer, Answer.idea_id == Idea.id)
        .where(
            Answer.department_id == department_id,
            Answer.answer == AnswerKind.WAITING,
            Idea.stage_kind.in_(UNSETTLED),
            Idea.hidden_at.is_(None),
            seen,
        )
        .order_by(Answer.due_on, Idea.id)
        .limit(SHOWN + 1)
    )


class Outcome(NamedTuple):
    """An idea that affected a department, what it said, and what came of it."""

    id: int
    title: str
    lang: str
    stage_kind: str
    stage: str
    answer: str


def ideas(reader: Person, department: Department) -> Lines | None:
    """Decided ideas that affected it, newest first. One query."""
    query = _decided(department.id, listed_for(reader))
    found = _lines(query, f"/ideas?affected={department.slug}")
    if found is None:
        return None
    return Lines([_outcome(row) for row in found.rows], found.more_url)


def _decided(department_id: Any, seen: ColumnElement[bool]) -> Any:
    return (
        select(Idea.id, Idea.title, Idea.lang, Idea.stage_kind, Answer.answer)
        .join(Answer, Answer.idea_id == Idea.id)
        .where(
            Answer.department_id == department_id,
            Idea.stage_kind.in_(CAME_OF_IT),
            Idea.hidden_at.is_(None),
            seen,
        )
        .order_by(Idea.settled_at.desc(), Idea.id.desc())
        .limit(SHOWN + 1)
    )


def _outcome(row: Any) -> Outcome:
    answer = str(ANSWERS[AnswerKind(row.answer)])
    return Outcome(row.id, row.title, row.lang, row.stage_kind, name_of(row.stage_kind), answer)
