"""The flow of thanks between departments: who thanks whom, in three widths, never a number.

Counted are the public thanks of a year that stand, from the author's department that day to the
department thanked, or that of the person thanked that day. With n(a, b) the thankers of a who
thanked b, each once a month, what is returned counts half, so that thanks for thanks do not add up:

    w(a, b) = n(a, b) − min(n(a, b), n(b, a)) / 2

More thanks of a to b never make w(a, b) smaller. A pair is told where at least `FEWEST` different
people of a thanked b, a month of it where as many did so then; what is not told damps nothing, and
no total is given that it could follow from. A word stands for w below 10, below 30, and beyond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, extract, func, select

from forum.core.clock import now
from forum.core.db import db
from forum.departments.models import Department
from forum.departments.queries import DepartmentCard, cards_by_id
from forum.thanks.models import Thanks, ThanksTo

FEWEST = 5
"""Different people who must have thanked before a pair, or a month of it, is told."""
WINDOW = timedelta(days=365)
STEPS = (10.0, 30.0)
"""Where the second and the third width begin."""

Pair = tuple[int, int]
Month = tuple[int, int]


class Arrow(NamedTuple):
    """One department thanks another: how often in three steps, and in which months many did."""

    giver: DepartmentCard
    taker: DepartmentCard
    width: int
    months: Sequence[Month]


class Told(NamedTuple):
    """How many thankers a pair has, each once a month, and how many different ones."""

    monthly: int
    people: int


def arrows() -> list[Arrow]:
    """Every pair that may be told, the widest first, then by name. Three queries."""
    pairs = {pair: told for pair, told in _pairs().items() if told.people >= FEWEST}
    months = _months()
    cards = cards_by_id({number for pair in pairs for number in pair})
    weights = damped(pairs)
    found = [
        Arrow(cards[pair[0]], cards[pair[1]], width_of(weights[pair]), months.get(pair, ()))
        for pair in pairs
        if pair[0] in cards and pair[1] in cards
    ]
    return sorted(found, key=lambda each: (-each.width, each.giver.name, each.taker.name))


def damped(pairs: Mapping[Pair, Told]) -> dict[Pair, float]:
    """The weights of told pairs, what is returned counting half."""
    nothing = Told(0, 0)
    return {
        (a, b): told.monthly - min(told.monthly, pairs.get((b, a), nothing).monthly) / 2
        for (a, b), told in pairs.items()
    }


def width_of(weight: float) -> int:
    """One to three."""
    return 1 + sum(weight >= step for step in STEPS)


def _said() -> Select[Any]:
    """Who thanked which department in which month, once each."""
    year = extract("year", Thanks.at).cast(Integer).label("year")
    month = extract("month", Thanks.at).cast(Integer).label("month")
    columns: tuple[Any, ...] = (
        Thanks.author_department_id.label("giver"),
        ThanksTo.department_id.label("taker"),
        Thanks.author_id.label("author"),
        year,
        month,
    )
    return (
        select(*columns)
        .join(ThanksTo, ThanksTo.thanks_id == Thanks.id)
        .join(Department, Department.id == ThanksTo.department_id)
        .where(
            Thanks.at > now() - WINDOW,
            Thanks.private.is_(False),
            Thanks.withdrawn_at.is_(None),
            Thanks.hidden_at.is_(None),
            Thanks.author_department_id.is_not(None),
            Thanks.author_department_id != ThanksTo.department_id,
            Department.archived_at.is_(None),
        )
        .distinct()
    )


def _pairs() -> dict[Pair, Told]:
    said = _said().subquery()
    query = select(
        said.c.giver, said.c.taker, func.count(), func.count(said.c.author.distinct())
    ).group_by(said.c.giver, said.c.taker)
    return {(row[0], row[1]): Told(row[2], row[3]) for row in db.session.execute(query)}


def _months() -> dict[Pair, list[Month]]:
    """The months in which enough different people did, newest first."""
    said = _said().subquery()
    columns = (said.c.giver, said.c.taker, said.c.year, said.c.month)
    query = select(*columns).group_by(*columns).having(func.count() >= FEWEST)
    found: dict[Pair, list[Month]] = {}
    for row in db.session.execute(query.order_by(said.c.year.desc(), said.c.month.desc())):
        found.setdefault((row[0], row[1]), []).append((int(row[2]), int(row[3])))
    return found
