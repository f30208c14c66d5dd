"""Reading what was counted: a page's rows, and the lists behind its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, func, select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import read_columns
from forum.core.kept import Keeper, lines
from forum.departments.models import Department
from forum.departments.pages import MEMBER
from forum.departments.queries import CARD, DepartmentCard
from forum.departments.tree import with_all_below
from forum.insights.figures.hiding import large_branches
from forum.insights.figures.models import WHOLE, InsightMonth, InsightShare, InsightState
from forum.insights.figures.periods import Period, first_of_month, months_on
from forum.insights.figures.registry import Asked, Counts, Share
from forum.insights.figures.tree import read_tree

TREND = 12
"""Months of a picture."""
QUARTERS = 8
"""Quarters whose shares are shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """A department as the chooser shows it, with how far below the top it stands."""

    card: DepartmentCard
    parent_id: int | None
    members: int
    elsewhere: int = 0
    """Members of no department, the same of every one."""


_MEMBERS = (
    select(Person.department_id, func.count().label("members"))
    .where(Person.department_id.is_not(None), *MEMBER)
    .group_by(Person.department_id)
    .subquery()
)
_ELSEWHERE = select(func.count()).where(Person.department_id.is_(None), *MEMBER).scalar_subquery()
PLACES = (
    select(*CARD, Department.parent_id, _MEMBERS.c.members, _ELSEWHERE)
    .outerjoin(_MEMBERS, _MEMBERS.c.department_id == Department.id)
    .where(Department.archived_at.is_(None))
    .order_by(Department.name)
)


PLACES_MARK = select(lines(*PLACES.order_by(None).subquery().c))


@dataclass(frozen=True, slots=True)
class Places:
    """The departments that are there, by name, with their members; `mark` is another whenever they
    are."""

    mark: str
    rows: Sequence[Place]


kept = Keeper("insights-places", most=8)


def places() -> Places:
    """All of them. One query, one more after a change."""
    mark = str(read_columns(PLACES_MARK).scalar_one())
    return kept(mark, lambda: Places(mark, _places()))


def _places() -> list[Place]:
    return [
        Place(DepartmentCard(*row[:5]), row.parent_id, row.members or 0, row[-1])
        for row in read_columns(PLACES, {})
    ]


def below(root: int, known: Sequence[Place]) -> frozenset[int]:
    """A department and all below it."""
    return with_all_below([root], ((place.card.id, place.parent_id) for place in known))


def ask(
    reader: Person, period: Period, branch: DepartmentCard | None, known: Sequence[Place]
) -> Asked:
    """Everything a page shows of a period and a branch. One query, two more after a count."""
    department = branch.id if branch is not None else WHOLE
    first = min(months_on(last_month(period), 1 - TREND), period.moved(-1).start)
    within = {"department": department, "first": first, "until": period.until}
    mark = (department, first, period.until, *read_columns(COUNTED_MARK, within).one())
    months, shares = kept_counts(
        mark, lambda: (_months(department, first, period.until), _shares(department, period))
    )
    asked = uncounted(reader, period, branch, known)
    return replace(asked, months=months, shares=shares, mark=mark)


def uncounted(
    reader: Person, period: Period, branch: DepartmentCard | None, known: Sequence[Place]
) -> Asked:
    """A period and a branch without what was counted. No query."""
    ids = below(branch.id, known) if branch is not None else frozenset()
    members = sum(p.members for p in known if branch is None or p.card.id in ids)
    few = branch is not None and branch.id not in _large(known)
    return Asked(reader, period, branch, ids, months={}, members=members, few=few)


def listed(
    reader: Person, period: Period, branch: DepartmentCard | None, known: Sequence[Place]
) -> Asked:
    """As `uncounted`, with archived departments in the branch: what they did is counted, too. One
    query, none of the whole company."""
    asked = uncounted(reader, period, branch, known)
    if branch is None:
        return asked
    return replace(asked, below=with_all_below([branch.id], read_tree().parents.items()))


def _large(known: Sequence[Place]) -> frozenset[int]:
    """The branches whose people are enough to tell what they wrote, next to all that is told."""
    here = {place.card.id for place in known}
    children: dict[int, list[int]] = {}
    for place in known:
        above = place.parent_id if place.parent_id in here else None
        children.setdefault(above or WHOLE, []).append(place.card.id)
    people = {place.card.id: place.members for place in known}
    return large_branches({**people, WHOLE: known[0].elsewhere}, children, WHOLE)


def last_month(period: Period) -> date:
    """The last month of a period that has begun."""
    return min(period.last_month, first_of_month(company_day()))


COUNTED = select(InsightMonth.month, InsightMonth.counts).where(
    InsightMonth.department_id == bindparam("department"),
    InsightMonth.month >= bindparam("first"),
    InsightMonth.month < bindparam("until"),
)
SHARES = (
    select(InsightShare.quarter, InsightShare.took_part, InsightShare.people)
    .add_columns(InsightShare.with_votes)
    .where(
        InsightShare.department_id == bindparam("department"),
        InsightShare.quarter < bindparam("until"),
    )
    .order_by(InsightShare.quarter.desc())
    .limit(QUARTERS)
)
COUNTED_MARK = select(
    select(lines(*COUNTED.selected_columns))
    .where(COUNTED.whereclause)  # type: ignore[arg-type]
    .scalar_subquery(),
    select(lines(*SHARES.selected_columns))
    .where(SHARES.whereclause)  # type: ignore[arg-type]
    .scalar_subquery(),
)
kept_counts = Keeper("insights-counts", most=64)
COUNTED_ON = select(InsightState.counted_on)


def _months(department: int, first: date, until: date) -> Mapping[date, Counts]:
    within = {"department": department, "first": first, "until": until}
    return {row.month: row.counts for row in read_columns(COUNTED, within)}


def _shares(department: int, period: Period) -> Sequence[Share]:
    within = {"department": department, "until": period.until}
    return [Share(*row) for row in read_columns(SHARES, within)][::-1]


def counted_on() -> date | None:
    """The day of the last count. One query."""
    row = read_columns(COUNTED_ON, {}).first()
    return row.counted_on if row is not None else None
