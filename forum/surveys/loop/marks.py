"""By what replies that were drawn are known again: all that is told of them, as one row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, String, bindparam, cast, func, select

from forum.accounts.models import Person
from forum.core.db import read_columns
from forum.core.kept import lines
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.ideas.visibility import listed
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.loop.queries import HEARD, SAID_FIRST, WILL, WILL_NOT
from forum.surveys.models import Wave

THIS = bindparam("wave", type_=BigInteger)
ONE = bindparam("department", type_=BigInteger)


def _ideas_of(replies: Any, moderates: bool) -> Any:
    return (
        select(lines(ReplyIdea.reply_id, Idea.id, Idea.title, Idea.lang))
        .join(Idea, Idea.id == ReplyIdea.idea_id)
        .where(ReplyIdea.reply_id.in_(replies), listed(None, None, moderates=moderates))
    )


def _mark(of_one: bool, moderates: bool) -> Any:
    """The statement: everybody who is shown replies sees the same ideas, but for moderators."""
    which = (Reply.wave_id == THIS, *((Reply.department_id == ONE,) if of_one else ()))
    all_of_them = (
        select(lines(Reply.id, Reply.department_id, Department.name, Reply.at, Reply.due_on))
        .join(Department, Department.id == Reply.department_id)
        .where(*which)
    )
    first = (
        select(Reply.id, Reply.department_id)
        .add_columns(HEARD.html.label("heard"), WILL.html.label("will"))
        .add_columns(WILL_NOT.html.label("will_not"))
        .join(Department, Department.id == Reply.department_id)
        .outerjoin(HEARD, HEARD.id == Reply.heard_id)
        .outerjoin(WILL, WILL.id == Reply.will_id)
        .outerjoin(WILL_NOT, WILL_NOT.id == Reply.will_not_id)
        .where(*which)
        .order_by(*SAID_FIRST)
        .limit(bindparam("most", type_=Integer))
        .cte("first")
    )
    ideas = _ideas_of(select(first.c.id), moderates)
    departments = select(func.aggregate_strings(cast(Reply.department_id, String), " "))
    return select(
        departments.where(*which).scalar_subquery(),
        all_of_them.scalar_subquery(),
        select(lines(*first.c)).scalar_subquery(),
        ideas.scalar_subquery(),
    )


MARKS = {
    (one, moderates): _mark(one, moderates) for one in (True, False) for moderates in (True, False)
}


def mark(
    reader: Person, wave_id: int, one: int | None, most: int
) -> tuple[tuple[Any, ...], frozenset[int]]:
    """What is another whenever a reply to a wave is, or that of one department, so many of them in
    full at most; and the departments that replied or are to. One query."""
    values = {"wave": wave_id, "most": most}
    if one is not None:
        values["department"] = one
    row = read_columns(MARKS[one is not None, reader.moderates], values).one()
    departments = frozenset(map(int, (row[0] or "").split()))
    return (wave_id, one, reader.moderates, *row), departments


def latest(department_id: Any, *, moderates: bool) -> tuple[Any, ...]:
    """The columns that are others whenever what a department said last is: the words, to what and
    when, and the ideas that follow."""
    newest = (
        select(Reply.id, Reply.at, HEARD.html.label("heard"), WILL.html.label("will"))
        .add_columns(WILL_NOT.html.label("will_not"), Wave.title, Wave.lang)
        .join(Wave, Wave.id == Reply.wave_id)
        .outerjoin(HEARD, HEARD.id == Reply.heard_id)
        .outerjoin(WILL, WILL.id == Reply.will_id)
        .outerjoin(WILL_NOT, WILL_NOT.id == Reply.will_not_id)
        .where(Reply.department_id == department_id, Reply.at.is_not(None))
        .order_by(Wave.closes_at.desc(), Wave.id.desc())
        .limit(1)
        .subquery()
    )
    ideas = _ideas_of(select(newest.c.id), moderates)
    return select(lines(*newest.c)).scalar_subquery(), ideas.scalar_subquery()
