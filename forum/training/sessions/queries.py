"""Reading sessions: one function a page, each of known cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.paging import Page, decode_cursor, page_of, read_moment
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.queries import DepartmentCard, answers_for, cards_of
from forum.standards.models import Standard
from forum.standards.visibility import visible_to
from forum.training import policy
from forum.training.models import (
    AgendaItem,
    Case,
    CaseState,
    Invitation,
    Seat,
    Session,
    SessionDepartment,
    SessionStandard,
)

PAGE, COMING = 20, 50
A_DAY = timedelta(days=1)
"""No session is longer."""


def may_plan(person: Person) -> bool:
    """Whether somebody may plan sessions. At most one query."""
    asks = policy.is_staff(person) and not person.moderates
    return policy.may_plan(person, answers=answers_for(person.id) if asks else ())


def session_or_404(reader: Person, session_id: int) -> Session:
    """A session, for those who see training. One query."""
    found = db.session.get(Session, session_id) if policy.may_see(reader) else None
    if found is None:
        raise NotFound
    return found


class Row(NamedTuple):
    """A session in a list, with the reader's own place in it."""

    session: Session
    departments: list[DepartmentCard]
    taken: int
    mine: str


MINE = aliased(Seat)


def _listed(reader: Person) -> Any:
    taken = (
        select(func.count())
        .where(Seat.session_id == Session.id, Seat.waiting.is_(False))
        .scalar_subquery()
    )
    mine = and_(MINE.session_id == Session.id, MINE.person_id == reader.id)
    asked = and_(Invitation.session_id == Session.id, Invitation.person_id == reader.id)
    return (
        select(Session, taken, MINE.waiting, MINE.attended, Invitation.person_id)
        .outerjoin(MINE, mine)
        .outerjoin(Invitation, asked)
    )


def _rows(found: Any) -> list[Row]:
    places = departments_of([row[0].id for row in found])
    return [
        Row(row[0], places.get(row[0].id, []), row[1], _place(row[2], row[3], row[4]))
        for row in found
    ]


def _place(waiting: bool | None, attended: bool | None, invited: int | None) -> str:
    if waiting is None:
        return "invited" if invited is not None else ""
    if attended:
        return "attended"
    return "waiting" if waiting else "seat"


def coming(reader: Person) -> list[Row]:
    """Sessions that are not over, the next first. Two queries."""
    query = _listed(reader).where(Session.starts_at > now() - A_DAY)
    rows = db.session.execute(query.order_by(Session.starts_at, Session.id).limit(COMING)).all()
    return _rows([row for row in rows if policy.ends_at(row[0]) > now()])


def past(reader: Person, after: str) -> Page[Row]:
    """A page of sessions that have begun, the last first. Two queries."""
    query = _listed(reader).where(Session.starts_at <= now())
    place = decode_cursor(after, (str, int))
    at = read_moment(place[0]) if place is not None else None
    if place is not None and at is not None:
        before = and_(Session.starts_at == at, Session.id < place[1])
        query = query.where((Session.starts_at < at) | before)
    query = query.order_by(Session.starts_at.desc(), Session.id.desc()).limit(PAGE + 1)
    page = page_of(
        db.session.execute(query).all(),
        PAGE,
        lambda row: (row[0].starts_at.isoformat(), row[0].id),
    )
    return Page(_rows(page.rows), page.next)


def departments_of(session_ids: Collection[int]) -> dict[int, list[DepartmentCard]]:
    """The departments of sessions, by name. One query."""
    return cards_of(SessionDepartment.session_id, SessionDepartment.department_id, session_ids)


def standards_of(reader: Person, session_id: int) -> list[Standard]:
    """The standards it trains that the reader sees. One query."""
    query = (
        select(Standard)
        .join(SessionStandard, SessionStandard.standard_id == Standard.id)
        .where(SessionStandard.session_id == session_id, visible_to(reader))
        .order_by(Standard.sequence)
    )
    return list(db.session.scalars(query))


class Own(NamedTuple):
    """The reader's place: whether they wait, at which place of the queue, came, were invited."""

    place: str
    ahead: int
    taken: int


def own_place(reader: Person, session: Session) -> Own:
    """Where the reader stands. Two queries at most."""
    rows = db.session.execute(_listed(reader).where(Session.id == session.id)).one()
    place = _place(rows[2], rows[3], rows[4])
    ahead = 0
    if place == "waiting":
        own = select(Seat.id).where(Seat.session_id == session.id, Seat.person_id == reader.id)
        query = select(func.count()).where(
            Seat.session_id == session.id, Seat.waiting, Seat.id < own.scalar_subquery()
        )
        ahead = db.session.scalar(query) or 0
    return Own(place, ahead, rows[1])


class Sitting(NamedTuple):
    """Somebody on the host's list."""

    id: int
    name: str
    department: str | None
    waiting: bool
    attended: bool | None


def list_of(session: Session) -> list[Sitting]:
    """Who has a seat, by name, and who waits, in order; for the host. One query."""
    query = (
        select(Person.id, Person.name, Department.name, Seat.waiting, Seat.attended, Seat.id)
        .join(Seat, Seat.person_id == Person.id)
        .outerjoin(Department, Department.id == Seat.department_id)
        .where(Seat.session_id == session.id)
        .order_by(Seat.waiting, Seat.id)
    )
    return [Sitting(*row[:5]) for row in db.session.execute(query)]


class OnAgenda(NamedTuple):
    """A case on the agenda."""

    item: AgendaItem
    case: Case
    learned: str | None


def agenda_of(session: Session) -> list[OnAgenda]:
    """The cases of a session in order, those taken off last; only what everybody may read. One
    query."""
    query = (
        select(AgendaItem, Case, Text.html)
        .join(Case, Case.id == AgendaItem.case_id)
        .outerjoin(Text, Text.id == Case.learned_id)
        .where(AgendaItem.session_id == session.id, Case.state == CaseState.OPEN)
        .order_by(AgendaItem.dropped, AgendaItem.place, AgendaItem.id)
        .execution_options(populate_existing=True)
    )
    return [OnAgenda(*row) for row in db.session.execute(query)]


OFFERED = 100


def further_cases(session: Session) -> Sequence[tuple[int, str]]:
    """Number and title of the newest cases that everybody may read and that neither stand on the
    agenda nor were taken off it; 100 at most. One query."""
    query = (
        select(Case.id, Case.title)
        .where(
            Case.state == CaseState.OPEN,
            ~exists().where(AgendaItem.session_id == session.id, AgendaItem.case_id == Case.id),
        )
        .order_by(Case.id.desc())
        .limit(OFFERED)
    )
    return [(number, title) for number, title in db.session.execute(query)]


def item_or_404(session: Session, item_id: int) -> AgendaItem:
    """A case of a session's agenda that everybody may read. One query."""
    query = (
        select(AgendaItem)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(
            AgendaItem.id == item_id,
            AgendaItem.session_id == session.id,
            Case.state == CaseState.OPEN,
        )
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def about_of(session: Session) -> Text | None:
    """What it is about and brings along. One query."""
    return db.session.get(Text, session.about_id) if session.about_id is not None else None


def sessions_of_case(case_id: int) -> list[tuple[Session, AgendaItem]]:
    """The sessions in which a case stands or stood, the first first; none that was called off. One
    query."""
    query = (
        select(Session, AgendaItem)
        .join(AgendaItem, AgendaItem.session_id == Session.id)
        .where(
            AgendaItem.case_id == case_id,
            AgendaItem.dropped.is_(False),
            Session.cancelled_at.is_(None),
        )
        .order_by(Session.starts_at)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
