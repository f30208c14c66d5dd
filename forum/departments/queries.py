"""Reading the tree and who answers for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import Kind, Person
from forum.core.calendar import company_day
from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.departments.models import Department, DepartmentSlug, Deputy, Representative


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
    return [DepartmentCard._make(row) for row in read_columns(CURRENT)]


def cards_by_id(ids: Iterable[int]) -> dict[int, DepartmentCard]:
    """Cards of some departments, archived ones too. One query."""
    query = select(*CARD).where(Department.id.in_(list(ids)))
    return {row.id: DepartmentCard(*row) for row in db.session.execute(query)}


def heir_of(department: Department) -> DepartmentCard | None:
    """What a department is part of since it was merged. One query, none where it was not."""
    if department.merged_into_id is None:
        return None
    return cards_by_id([department.merged_into_id]).get(department.merged_into_id)


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


TODAY: BindParameter[Any] = bindparam("company_day", callable_=company_day, type_=Date)
"""The company's day, asked for when a statement runs."""
MAY_ANSWER = and_(Person.deactivated_at.is_(None), Person.kind != Kind.BOARD)
"""Who is asked for an answer: boards see everything and do not answer."""


def is_away() -> ColumnElement[bool]:
    """Whether a row of deputies counts today."""
    return and_(Deputy.since <= TODAY, Deputy.until >= TODAY)


def _in_place_of(person_id: Any) -> Any:
    """The person, and everybody they stand in for today."""
    away = select(Deputy.person_id).where(Deputy.deputy_id == person_id, is_away())
    return select(Person.id).where(or_(Person.id == person_id, Person.id.in_(away)))


def answered_by(person_id: Any) -> ColumnElement[bool]:
    """Whether a person answers for the query's department: `answers_for` as a condition."""
    represents = exists().where(
        Representative.department_id == Department.id, Representative.person_id == person_id
    )
    stands_in = exists().where(
        Deputy.deputy_id == person_id,
        is_away(),
        or_(
            Department.head_id == Deputy.person_id,
            Deputy.person_id.in_(
                select(Representative.person_id)
                .where(Representative.department_id == Department.id)
                .correlate(Department)
            ),
        ),
    )
    answers = or_(Department.head_id == person_id, represents, stands_in)
    return and_(Department.archived_at.is_(None), answers)


IN_PLACE_OF = _in_place_of(bindparam("person_id"))
ANSWERED_BY = select(Department.id).where(
    or_(
        Department.head_id.in_(IN_PLACE_OF),
        Department.id.in_(
            select(Representative.department_id).where(Representative.person_id.in_(IN_PLACE_OF))
        ),
    ),
    Department.archived_at.is_(None),
)


def cards_of(
    thing: Any, place: Any, things: Collection[int], *which: ColumnElement[bool]
) -> dict[int, list[DepartmentCard]]:
    """The departments that a table names for each of these things, by name. One query.

    `thing` and `place` are its columns; `which` narrows its rows.
    """
    query = (
        select(thing, *CARD)
        .join(Department, Department.id == place)
        .where(thing.in_(list(things)), *which)
        .order_by(Department.name)
    )
    found: dict[int, list[DepartmentCard]] = {}
    row: Any
    for row in db.session.execute(query):
        found.setdefault(row[0], []).append(DepartmentCard(*row[1:]))
    return found


def are_open(ids: Collection[int]) -> bool:
    """Whether there are some, and none of them is archived or unknown. One query."""
    query = select(Department.id).where(Department.id.in_(ids), Department.archived_at.is_(None))
    return bool(ids) and set(db.session.scalars(query)) == set(ids)


def answers_for(person_id: int) -> frozenset[int]:
    """The departments somebody answers for, as representative, head or deputy. One query."""
    return frozenset(row[0] for row in read_columns(ANSWERED_BY, {"person_id": person_id}))


_SPEAKING = ANSWERED_BY.add_columns(true().label("itself")).cte("speaking", recursive=True)
_BECAME = select(Department.id, false()).where(Department.merged_into_id == _SPEAKING.c.id)
SPEAKS_FOR = select(_SPEAKING.union(_BECAME))


class Answering(NamedTuple):
    """For which departments somebody answers, and these with all that became part of them."""

    departments: frozenset[int]
    with_merged: frozenset[int]


def answering(person_id: int) -> Answering:
    """`answers_for` and `speaks_for` at once. One query."""
    rows = read_columns(SPEAKS_FOR, {"person_id": person_id}).all()
    return Answering(frozenset(row[0] for row in rows if row[1]), frozenset(row[0] for row in rows))


def speaks_for(person_id: int) -> frozenset[int]:
    """The departments somebody answers for, and all that became part of them. One query."""
    return answering(person_id).with_merged


def became(ids: Collection[int]) -> dict[int, int]:
    """Which open department each of these is, or became part of; none for what is closed. One
    query."""
    rows = select(Department.id.label("old"), Department.id.label("today"))
    line = rows.where(Department.id.in_(ids)).cte("line", recursive=True)
    onward = select(line.c.old, Department.merged_into_id).join(
        Department, Department.id == line.c.today
    )
    line = line.union(onward.where(Department.merged_into_id.is_not(None)))
    query = (
        select(line.c.old, line.c.today)
        .join(Department, Department.id == line.c.today)
        .where(Department.archived_at.is_(None))
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def answers_for_each(people: Collection[int]) -> dict[int, frozenset[int]]:
    """The departments that each of these people answers for, if any. Two queries."""
    away = select(Deputy.person_id, Deputy.deputy_id).where(Deputy.deputy_id.in_(people), is_away())
    acting: dict[int, list[int]] = {person_id: [person_id] for person_id in people}
    for person_id, deputy_id in db.session.execute(away):
        acting.setdefault(person_id, []).append(deputy_id)
    heads = select(Department.head_id, Department.id)
    others = select(Representative.person_id, Department.id).join(
        Department, Department.id == Representative.department_id
    )
    open_now = Department.archived_at.is_(None)
    query: Any = union(
        heads.where(Department.head_id.in_(acting), open_now),
        others.where(Representative.person_id.in_(acting), open_now),
    )
    found: dict[int, set[int]] = {}
    for person_id, department_id in db.session.execute(query):
        for each in acting[person_id]:
            found.setdefault(each, set()).add(department_id)
    return {person_id: frozenset(theirs) for person_id, theirs in found.items()}


STAND_IN = aliased(Person)


def _asked_person() -> Any:
    """Who is asked in a person's place: their deputy while they are away, else themselves."""
    return func.coalesce(STAND_IN.id, Person.id)


def _with_stand_in(query: Any) -> Any:
    may = and_(STAND_IN.deactivated_at.is_(None), STAND_IN.kind != Kind.BOARD)
    return query.outerjoin(Deputy, and_(Deputy.person_id == Person.id, is_away())).outerjoin(
        STAND_IN, and_(STAND_IN.id == Deputy.deputy_id, may)
    )


def answerers_of(department_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each department the people who answer for it: representatives, else the head.

    Whoever may not sign in any more, or sits on a board, is passed over, or nobody who may answer
    would ever hear of what waits; who is away is replaced by their deputy. Two queries.
    """
    ids = list(department_ids)
    people: dict[int, list[int]] = {department_id: [] for department_id in ids}
    query = _with_stand_in(
        select(Representative.department_id, _asked_person())
        .select_from(Representative)
        .join(Person, Person.id == Representative.person_id)
    ).where(Representative.department_id.in_(ids), MAY_ANSWER)
    for department_id, person_id in db.session.execute(query.order_by(Representative.id)):
        if person_id not in people[department_id]:
            people[department_id].append(person_id)
    heads = heads_of(d for d in ids if not people[d])
    return {**people, **{d: [head] for d, head in heads.items()}}


def heads_of(department_ids: Iterable[int]) -> dict[int, int]:
    """The head of each department, or who stands in for them. One query."""
    query = _with_stand_in(
        select(Department.id, _asked_person())
        .select_from(Department)
        .join(Person, Person.id == Department.head_id)
    ).where(Department.id.in_(list(department_ids)), MAY_ANSWER)
    return {row[0]: row[1] for row in db.session.execute(query)}


def answerer_name() -> Any:
    """The name of who is asked first for the query's department, as a column."""
    name = func.coalesce(STAND_IN.name, Person.name)
    represents = (
        _with_stand_in(
            select(name)
            .select_from(Representative)
            .join(Person, Person.id == Representative.person_id)
        )
        .where(Representative.department_id == Department.id, MAY_ANSWER)
        .order_by(Representative.id)
        .limit(1)
    )
    heads = _with_stand_in(select(name).select_from(Person)).where(
        Person.id == Department.head_id, MAY_ANSWER
    )
    return func.coalesce(
        represents.correlate(Department).scalar_subquery(),
        heads.correlate(Department).scalar_subquery(),
    )
