"""What stands above a thread: its newest official update, open questions, and sides by department.

Only threads in which somebody marked a comment have one; comments are public, votes are not told.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select, text

from forum.core.db import db
from forum.departments.models import Department
from forum.discussion.models import MARKED, Comment, Question, Side
from forum.discussion.visibility import standing

IS_MARKED = text(f"({MARKED})")
THREAD = Comment.thread_id == bindparam("thread_id")
HERE = (THREAD, standing(), IS_MARKED)


class DepartmentSide(NamedTuple):
    """How many people of a department took a side; they are counted where they last stood."""

    side: str
    department_id: int | None
    name: str | None
    slug: str | None
    code: str | None
    hue: int | None
    people: int


class Head(NamedTuple):
    """What is marked in a thread."""

    open_questions: int
    official: int
    newest_official: int | None
    sides: list[DepartmentSide]


def has_marks() -> Any:
    """Whether a thread has a marked comment, as a column of another query."""
    other = select(Comment.id).where(*HERE).limit(1).correlate(None)
    return exists(other)


COUNTS = select(
    func.count().filter(Comment.question == Question.OPEN),
    func.count().filter(Comment.official_at.is_not(None)),
    func.max(Comment.id).filter(Comment.official_at.is_not(None)),
    func.count().filter(Comment.side != ""),
).where(*HERE)


def _sides() -> Any:
    last = select(func.max(Comment.id)).where(*HERE, Comment.side != "").group_by(Comment.author_id)
    card = (Department.id, Department.name, Department.slug, Department.code, Department.hue)
    people = func.count()
    return (
        select(Comment.side, *card, people)
        .outerjoin(Department, Department.id == Comment.side_department_id)
        .where(Comment.id.in_(last.correlate(None)))
        .group_by(Comment.side, *card)
        .order_by(people.desc(), Department.name)
    )


SIDES = _sides()


def head_of(thread_id: int) -> Head:
    """What is marked in a thread. One query, one more where somebody took a side."""
    values = {"thread_id": thread_id}
    questions, official, newest, sided = db.session.execute(COUNTS, values).one()
    rows = db.session.execute(SIDES, values) if sided else ()
    return Head(questions, official, newest, [DepartmentSide(*row) for row in rows])


def counted(
    sides: Collection[DepartmentSide], side: Side, seen: Collection[int] | None
) -> tuple[list[DepartmentSide], int]:
    """The departments on a side that a reader may be told, and how many people stand elsewhere."""
    here = [each for each in sides if each.side == side]
    told = [each for each in here if each.department_id and _may_tell(each, seen)]
    return told, sum(each.people for each in here) - sum(each.people for each in told)


def _may_tell(each: DepartmentSide, seen: Collection[int] | None) -> bool:
    return seen is None or each.department_id in seen
