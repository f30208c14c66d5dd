"""Reading improvements: which ideas were done from the beginning, and who does it too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import day
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard, answers_for, cards_by_id
from forum.departments.scope import scope_of
from forum.ideas.models import Idea
from forum.ideas.together.models import Adoption, Improvement
from forum.ideas.together.policy import may_adopt


def is_improvement() -> ColumnElement[bool]:
    """Whether the query's idea was posted as done already."""
    return exists().where(Improvement.idea_id == Idea.id)


class Done(NamedTuple):
    """A department that does it, since or from a day; the first one may not say since when."""

    department: DepartmentCard
    on: date | None


IMPROVEMENT = (
    select(*CARD, Improvement.done_on)
    .join(Improvement, Improvement.department_id == Department.id)
    .where(Improvement.idea_id == bindparam("idea_id"))
)
ADOPTIONS = (
    select(*CARD, Adoption.adopted_on)
    .join(Adoption, Adoption.department_id == Department.id)
    .where(Adoption.idea_id == bindparam("idea_id"))
    .order_by(Adoption.adopted_on, Adoption.id)
)


def _done(query: Any, idea_id: int) -> list[Done]:
    rows = db.session.execute(query, {"idea_id": idea_id})
    return [Done(DepartmentCard(*row[:-1]), row[-1]) for row in rows]


def improvement_shown(reader: Person, idea_id: int) -> dict[str, Any]:
    """Who did it first, who does it too, and for whom the reader may say so.

    Three queries, one more for who answers for a department; of departments that a consultant does
    not see nothing is told.
    """
    first, others = _done(IMPROVEMENT, idea_id), _done(ADOPTIONS, idea_id)
    mine = answers_for(reader.id)
    doing = {each.department.id for each in (*first, *others)}
    open_to = sorted(d for d in mine - doing if may_adopt(reader, d, mine))
    seen = scope_of(reader).departments
    told = [each for each in others if seen is None or each.department.id in seen]
    return {
        "first": [_shown(each) for each in first if seen is None or each.department.id in seen],
        "others": [{**_shown(each), "mine": each.department.id in mine} for each in told],
        "count": len(told),
        "choices": _choices(open_to),
    }


def _shown(done: Done) -> dict[str, Any]:
    return {"department": done.department, "on": day(done.on) if done.on else ""}


def _choices(ids: Collection[int]) -> list[DepartmentCard]:
    return sorted(cards_by_id(ids).values(), key=lambda card: card.name) if ids else []
