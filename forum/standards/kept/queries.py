"""Reading what was said of promises, counted so that nobody is recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, case, extract, false, func, or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.texts import Text
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.standards.clauses.models import Clause
from forum.standards.kept.models import IdeaClause, PromiseMark, Side
from forum.standards.kept.rates import Rate, hidden
from forum.standards.models import Standard

MONTHS = 24
"""Months shown on a page; their marks are what is counted."""
MARKS = 100
"""Marks listed with names."""

Month = tuple[int, int]
KEPT = func.sum(case((PromiseMark.kept, 1), else_=0))


def own_today(person: Person, standard_id: int, day: date) -> dict[int, bool]:
    """What somebody said today of the clauses of a standard, by key. One query."""
    query = (
        select(Clause.key, PromiseMark.kept)
        .join(PromiseMark, PromiseMark.clause_id == Clause.id)
        .where(
            PromiseMark.standard_id == standard_id,
            PromiseMark.person_id == person.id,
            PromiseMark.on_day == day,
        )
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def counted_after(since: Mapping[int, datetime]) -> dict[int, dict[int, Rate]]:
    """How often each clause of a hundred standards or so was kept after a moment of each, both
    sides together, by the standard's id and the clause's key; whoever shows it asks
    `Rate.may_be_told`. One query."""
    after = (
        and_(PromiseMark.standard_id == number, PromiseMark.at > at) for number, at in since.items()
    )
    return _rates(or_(false(), *after))


def _rates(which: ColumnElement[bool]) -> dict[int, dict[int, Rate]]:
    query = (
        select(PromiseMark.standard_id, Clause.key, KEPT, func.count())
        .add_columns(func.count(PromiseMark.person_id.distinct()))
        .join(Clause, Clause.id == PromiseMark.clause_id)
        .where(which)
        .group_by(PromiseMark.standard_id, Clause.key)
    )
    found: dict[int, dict[int, Rate]] = {}
    for standard_id, key, *counts in db.session.execute(query):
        found.setdefault(standard_id, {})[key] = Rate(*map(int, counts))
    return found


def rates_of(standard_id: int, *, since: date) -> dict[int, Rate]:
    """The same of one standard since a day, by the clause's key. One query."""
    which = and_(PromiseMark.standard_id == standard_id, PromiseMark.on_day >= since)
    return _rates(which).get(standard_id, {})


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page tells of a clause: together, by side, by month; None where it is too little.

    Months are told by side where both sides may be told, else together.
    """

    total: Rate
    sides: Mapping[Side, Rate | None]
    months: Sequence[tuple[Month, Mapping[Side, Rate | None]]]
    together: Sequence[tuple[Month, Rate | None]]


def figures_of(standard_id: int, *, since: date) -> dict[int, Figures]:
    """Everything that may be told of a standard's clauses since a day, by key. Four queries."""
    by_side = _counted(standard_id, since, by_side=True, by_month=False)
    cells = _counted(standard_id, since, by_side=True, by_month=True)
    months = _counted(standard_id, since, by_side=False, by_month=True)
    totals = rates_of(standard_id, since=since)
    return {
        key: _figures(total, by_side.get(key, {}), cells.get(key, {}), months.get(key, {}))
        for key, total in totals.items()
    }


Group = tuple[Side | None, Month | None]


def _counted(
    standard_id: int, since: date, *, by_side: bool, by_month: bool
) -> dict[int, dict[Group, Rate]]:
    year = extract("year", PromiseMark.on_day).cast(Integer)
    month = extract("month", PromiseMark.on_day).cast(Integer)
    groups = [*([PromiseMark.side] if by_side else []), *([year, month] if by_month else [])]
    query = (
        select(Clause.key, KEPT, func.count(), func.count(PromiseMark.person_id.distinct()))
        .add_columns(*groups)
        .join(PromiseMark, PromiseMark.clause_id == Clause.id)
        .where(PromiseMark.standard_id == standard_id, PromiseMark.on_day >= since)
        .group_by(Clause.key, *groups)
    )
    found: dict[int, dict[Group, Rate]] = {}
    for row in db.session.execute(query):
        side = Side(row[4]) if by_side else None
        when = (int(row[-2]), int(row[-1])) if by_month else None
        found.setdefault(row[0], {})[side, when] = Rate(*map(int, row[1:4]))
    return found


def _figures(
    total: Rate,
    by_side: Mapping[Group, Rate],
    cells: Mapping[Group, Rate],
    months: Mapping[Group, Rate],
) -> Figures:
    if not total.may_be_told:
        return Figures(total, {}, [], [])
    sides = {side: by_side.get((side, None), Rate()) for side in Side}
    silent = hidden(sides)
    told = {side: None if side in silent else rate for side, rate in sides.items()}
    if silent:
        alone = {when: rate for (_side, when), rate in months.items()}
        return Figures(total, told, [], _months(alone))
    return Figures(total, told, _by_month(cells), [])


def _months(rates: Mapping[Month | None, Rate]) -> list[tuple[Month, Rate | None]]:
    silent = hidden(rates)
    known = sorted((when for when in rates if when is not None), reverse=True)
    return [(when, None if when in silent else rates[when]) for when in known]


def _by_month(cells: Mapping[Group, Rate]) -> list[tuple[Month, Mapping[Side, Rate | None]]]:
    """Each side's months, hidden where that side's sum would tell of a small one."""
    found: dict[Month, dict[Side, Rate | None]] = {}
    for side in Side:
        own = {when: rate for (whose, when), rate in cells.items() if whose == side}
        for when, rate in _months(own):
            found.setdefault(when, dict.fromkeys(Side, Rate()))[side] = rate
    return sorted(found.items(), reverse=True)


class Said(NamedTuple):
    """A mark with its name, for those who may see it."""

    id: int
    key: int
    kept: bool
    side: str
    note: str | None
    on_day: date
    at: datetime
    person: str
    department: str | None


def marks_of(standard_id: int) -> list[Said]:
    """The newest marks with names and notes, for moderators and the owner. One query."""
    query = (
        select(PromiseMark.id, Clause.key, PromiseMark.kept, PromiseMark.side, Text.html)
        .add_columns(PromiseMark.on_day)
        .add_columns(PromiseMark.at, Person.name, Department.name)
        .join(Clause, Clause.id == PromiseMark.clause_id)
        .join(Person, Person.id == PromiseMark.person_id)
        .outerjoin(Text, Text.id == PromiseMark.note_id)
        .outerjoin(Department, Department.id == PromiseMark.department_id)
        .where(PromiseMark.standard_id == standard_id)
        .order_by(PromiseMark.on_day.desc(), PromiseMark.id.desc())
        .limit(MARKS)
    )
    return [Said(*row) for row in db.session.execute(query)]


def clause_id_or_404(standard: Standard, key: int) -> int:
    """The clause of a standard with a key. One query."""
    query = select(Clause.id).where(Clause.standard_id == standard.id, Clause.key == key)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def ideas_about(reader: Person, clause_ids: Iterable[int]) -> dict[int, list[int]]:
    """The ideas about clauses that a reader sees, by the clause's id. One query."""
    query = (
        select(IdeaClause.clause_id, IdeaClause.idea_id)
        .join(Idea, Idea.id == IdeaClause.idea_id)
        .where(IdeaClause.clause_id.in_(list(clause_ids)), idea_visible_to(reader))
        .order_by(IdeaClause.idea_id)
    )
    found: dict[int, list[int]] = {}
    for clause_id, idea_id in db.session.execute(query):
        found.setdefault(clause_id, []).append(idea_id)
    return found
