"""What waits for a moderator: each queue is one query with a bound on its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db
from forum.core.i18n import lazy
from forum.departments.models import Department
from forum.ideas.models import Answer, AnswerKind, Decision, Idea, StageKind
from forum.ideas.together.models import IdeaAuthor

SHOWN = 20
"""Rows of one queue on a page; the rest comes up as these are cleared."""
COUNTED = 99
"""What a count goes up to; beyond it says no more than "more"."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of work, with the condition that puts an idea there."""

    name: str
    title: object
    empty: object
    condition: ColumnElement[bool]
    order: ColumnElement[Any]
    decides: bool = False


def queues(moderator: Person) -> tuple[Queue, ...]:
    """Every queue, most urgent first; nobody decides on their own idea, so those wait elsewhere."""
    waiting = exists().where(Answer.idea_id == Idea.id, Answer.answer == AnswerKind.WAITING)
    asked = exists().where(Answer.idea_id == Idea.id)
    moved = exists().where(Decision.idea_id == Idea.id, Decision.asked_due_on.is_not(None))
    written = exists().where(IdeaAuthor.idea_id == Idea.id, IdeaAuthor.person_id == moderator.id)
    theirs = and_(Idea.author_id != moderator.id, ~written, Idea.hidden_at.is_(None))
    is_open = and_(Idea.stage_kind == StageKind.OPEN, theirs)
    return (
        Queue(
            "review",
            lazy("In review"),
            lazy("No idea is in review."),
            and_(Idea.stage_kind == StageKind.REVIEW, theirs),
            Idea.stage_since.asc(),
            decides=True,
        ),
        Queue(
            "answered",
            lazy("Every department has answered"),
            lazy("No open idea has all its answers."),
            is_open & asked & ~waiting,
            Idea.active_at.asc(),
            decides=True,
        ),
        Queue(
            "untagged",
            lazy("Departments to choose"),
            lazy("Every open idea has its departments."),
            is_open & ~asked,
            Idea.posted_at.asc(),
        ),
        Queue(
            "moved",
            lazy("Owners ask for another day"),
            lazy("No owner asks for another day."),
            (Idea.stage_kind == StageKind.ACCEPTED) & moved,
            Idea.due_on.asc(),
        ),
        Queue(
            "overdue",
            lazy("Accepted, and past the date"),
            lazy("Nothing accepted is late."),
            (Idea.stage_kind == StageKind.ACCEPTED) & (Idea.due_on < today()),
            Idea.due_on.asc(),
        ),
        Queue(
            "ownerless",
            lazy("Accepted, without an owner"),
            lazy("Everything accepted has an owner."),
            (Idea.stage_kind == StageKind.ACCEPTED) & Idea.owner_department_id.is_(None),
            Idea.stage_since.asc(),
        ),
        Queue(
            "hidden",
            lazy("Hidden"),
            lazy("Nothing is hidden."),
            Idea.hidden_at.is_not(None) & (Idea.stage_kind != StageKind.DRAFT),
            Idea.hidden_at.desc(),
        ),
    )


def counts(moderator: Person) -> dict[str, int]:
    """How many ideas each queue holds, up to one more than is told. One query."""
    known = queues(moderator)
    columns = [
        select(func.count())
        .select_from(select(Idea.id).where(q.condition).limit(COUNTED + 1).subquery())
        .scalar_subquery()
        for q in known
    ]
    row = db.session.execute(select(*columns)).one()
    return {q.name: found for q, found in zip(known, row, strict=True)}


def rows_of(queue: Queue) -> list[Any]:
    """The ideas of a queue, in its order, at most `SHOWN` and one more. One query."""
    harms = exists().where(Answer.idea_id == Idea.id, Answer.answer == AnswerKind.HARMS)
    asked = (
        select(Decision.asked_due_on)
        .where(Decision.idea_id == Idea.id)
        .order_by(Decision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            Idea.id,
            Idea.title,
            Idea.lang,
            Idea.excerpt,
            Idea.stage_kind,
            Idea.stage_since,
            Idea.vote_count,
            Idea.posted_at,
            Idea.due_on,
            harms.label("harms"),
            asked.label("asked_due_on"),
            Person.name.label("author"),
            Person.erased_at,
            Department.code,
            Department.name.label("department"),
            Department.hue,
            Department.slug,
        )
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(Department, Department.id == Idea.author_department_id)
        .where(queue.condition)
        .order_by(queue.order, Idea.id)
        .limit(SHOWN + 1)
    )
    return list(db.session.execute(query).all())
