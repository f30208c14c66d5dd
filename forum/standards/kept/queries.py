"""Reading what was said of promises, counted so that nobody is recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.texts import Text
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.standards.clauses.models import Clause
from forum.standards.kept.counting import Counted, Group, Month
from forum.standards.kept.models import IdeaClause, PromiseMark, Side
from forum.standards.kept.rates import Rate, hidden
from forum.standards.models import Standard

MONTHS = 24
"""Months shown on a page; their marks are what is counted."""
MARKS = 100
"""Marks listed with names."""

KEPT = func.sum(case((PromiseMark.kept, 1), else_=0))
RATED = (KEPT, func.count(), func.count(PromiseMark.person_id.distinct()))
"""What a `Rate` is made of."""


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
        select(PromiseMark.standard_id, Clause.key, *RATED)
        .join(Clause, Clause.id == PromiseMark.clause_id)
        .where(which)
        .group_by(PromiseMark.standard_id, Clause.key)
    )
    found: dict[int, dict[int, Rate]] = {}
    for standard_id, key, *counts in db.session.execute(query):
        found.setdefault(standard_id, {})[key] = Rate(*map(int, counts))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page tells of a clause: together, by side, by month; None where it is too little.

    Months are told by side where both sides may be told, else together.
    """

    total: Rate
    sides: Mapping[Side, Rate | None]
    months: Sequence[tuple[Month, Mapping[Side, Rate | None]]]
    together: Sequence[tuple[Month, Rate | None]]


def figures_of(counts: Mapping[int, Counted]) -> dict[int, Figures]:
    """Everything that may be told of a standard's clauses, by key. No query."""
    return {key: _figures(counted) for key, counted in counts.items()}


def _figures(counted: Counted) -> Figures:
    total, groups = counted.total, counted.groups
    if not total.may_be_told:
        return Figures(total, {}, [], [])
    sides = {side: groups.get((side, None), Rate()) for side in Side}
    silent = hidden(sides)
    told = {side: None if side in silent else rate for side, rate in sides.items()}
    if silent:
        alone = {when: rate for (side, when), rate in groups.items() if side is None}
        return Figures(total, told, [], _months(alone))
    cells = {group: rate for group, rate in groups.items() if None not in group}
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
