"""Whose business an idea is: moderators within their reach, and heads where a company wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import g, has_request_context
from sqlalchemy import ColumnElement, func, or_, select, true

from forum.accounts.models import Kind, Person
from forum.core.db import db
from forum.core.site import site
from forum.departments.models import Department
from forum.departments.reach import reach_of
from forum.ideas.models import Answer, Idea


def within(moderator: Person) -> ColumnElement[bool]:
    """Ideas whose author's or affected departments lie where a moderator acts."""
    reach = reach_of(moderator)
    if reach is None:
        return true()
    ids = sorted(reach)
    slots = select(Answer.id).where(Answer.idea_id == Idea.id, Answer.department_id.in_(ids))
    return or_(Idea.author_department_id.in_(ids), slots.correlate(Idea).exists())


def acting_on(moderator: Person, idea_ids: Iterable[int]) -> frozenset[int]:
    """Those of some ideas on which a moderator acts. No query for a moderator without a limit."""
    ids = frozenset(idea_ids)
    if not moderator.moderates:
        return frozenset()
    if reach_of(moderator) is None or not ids:
        return ids
    return frozenset(db.session.scalars(select(Idea.id).where(Idea.id.in_(ids), within(moderator))))


def acts_on(moderator: Person, idea_id: int) -> bool:
    """The same for one idea, asked once a request."""
    if not moderator.moderates or reach_of(moderator) is None:
        return moderator.moderates
    return _once(
        ("acts", moderator.id, idea_id), lambda: idea_id in acting_on(moderator, [idea_id])
    )


def heads_it_alone(person: Person, idea: Idea) -> bool:
    """Whether the one department that an idea affects is headed by somebody who may decide then.
    One query a request where the company wants it, else none."""
    if not site().heads_decide or person.kind != Kind.STAFF or idea.id is None:
        return False
    return _once(("heads", person.id, idea.id), lambda: _heads_alone(person.id, idea.id))


def _heads_alone(person_id: int, idea_id: int) -> bool:
    query = (
        select(func.count(Answer.id), func.max(Department.head_id))
        .join(Department, Department.id == Answer.department_id)
        .where(Answer.idea_id == idea_id)
    )
    affected, head = db.session.execute(query).one()
    return bool(affected == 1 and head == person_id)


def _once(key: tuple[str, int, int], ask: Callable[[], bool]) -> bool:
    if not has_request_context():
        return ask()
    kept: dict[tuple[str, int, int], bool] = g.setdefault("deciding", {})
    if key not in kept:
        kept[key] = ask()
    return kept[key]
