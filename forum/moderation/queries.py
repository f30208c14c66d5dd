"""Ideas that wait for a moderator: each queue is one query with a bound on its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from forum.accounts.models import Person
from forum.core.calendar import company_day, working_days
from forum.core.clock import today
from forum.core.db import db
from forum.core.i18n import lazy
from forum.departments.models import Department
from forum.ideas import turn
from forum.ideas.again.queries import returned
from forum.ideas.deciding import within
from forum.ideas.models import Answer, AnswerKind, Decision, Idea, StageKind
from forum.ideas.together.queries import authored_by
from forum.moderation.models import OPEN, Matter, State, Trashed
from forum.moderation.work import SHOWN, Work, works

COUNTED = 99
"""What a count goes up to; beyond it says no more than "more"."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Ideas in one situation, with the condition that puts an idea there."""

    name: str
    title: object
    empty: object
    condition: Callable[[Person], ColumnElement[bool]]
    order: Callable[[], Any]
    decides: bool = False


def _waits() -> ColumnElement[bool]:
    return exists().where(Answer.idea_id == Idea.id, Answer.answer == AnswerKind.WAITING)


def _asked() -> ColumnElement[bool]:
    return exists().where(Answer.idea_id == Idea.id)


def _theirs(moderator: Person) -> ColumnElement[bool]:
    """Nobody decides on what they write, alone or with others, so that waits elsewhere."""
    return and_(~authored_by(moderator.id), Idea.hidden_at.is_(None))


def _open(moderator: Person) -> ColumnElement[bool]:
    return and_(Idea.stage_kind == StageKind.OPEN, _theirs(moderator))


def _accepted() -> ColumnElement[bool]:
    return and_(Idea.stage_kind == StageKind.ACCEPTED, Idea.trashed_at.is_(None))


def _moved() -> ColumnElement[bool]:
    return Idea.id.in_(select(Decision.idea_id).where(Decision.asked_due_on.is_not(None)))


def _hidden() -> ColumnElement[bool]:
    """Hidden by a moderator's own hand: what belongs to a matter waits there."""
    pending = exists().where(
        Matter.thing_kind == "idea",
        Matter.thing_id == Idea.id,
        or_(
            Matter.state.in_(OPEN),
            # Without a flag before it, it lies here until its author has repaired it.
            and_(Matter.state == State.AUTHOR, Matter.before != State.CLOSED),
        ),
    )
    posted = Idea.stage_kind != StageKind.DRAFT
    return and_(Idea.hidden_at.is_not(None), Idea.trashed_at.is_(None), posted, ~pending)


def _in_trash(moderator: Person) -> ColumnElement[bool]:
    """Asked of the few rows of the trash, not of all ideas; what somebody writes is there for them
    where they put it there, as `trash.may_restore` says."""
    laid = Idea.id.in_(select(Trashed.idea_id))
    own = Idea.id.in_(select(Trashed.idea_id).where(Trashed.by_id == moderator.id))
    theirs = or_(~authored_by(moderator.id), own)
    return and_(laid, theirs, Idea.trashed_at.is_not(None), Idea.purged_at.is_(None))


QUEUES = (
    Queue(
        "review",
        lazy("In review"),
        lazy("No idea is in review."),
        lambda who: and_(Idea.stage_kind == StageKind.REVIEW, _theirs(who)),
        lambda: Idea.stage_since.asc(),
        decides=True,
    ),
    Queue(
        "answered",
        lazy("Every department has answered"),
        lazy("No open idea has all its answers."),
        lambda who: _open(who) & _asked() & ~_waits(),
        lambda: Idea.active_at.asc(),
        decides=True,
    ),
    Queue(
        "stuck",
        lazy("Departments that are silent"),
        lazy("Every department answers in its time."),
        lambda who: turn.stuck(company_day()) & _theirs(who),
        lambda: turn.late_since(company_day()).asc(),
        decides=True,
    ),
    Queue(
        "untagged",
        lazy("Departments to choose"),
        lazy("Every open idea has its departments."),
        lambda who: _open(who) & ~_asked(),
        lambda: Idea.posted_at.asc(),
    ),
    Queue(
        "moved",
        lazy("Owners ask for another day"),
        lazy("No owner asks for another day."),
        lambda _who: _accepted() & _moved(),
        lambda: Idea.due_on.asc(),
    ),
    Queue(
        "overdue",
        lazy("Accepted, and past the date"),
        lazy("Nothing accepted is late."),
        lambda _who: _accepted() & (Idea.due_on < today()),
        lambda: Idea.due_on.asc(),
    ),
    Queue(
        "ownerless",
        lazy("Accepted, without an owner"),
        lazy("Everything accepted has an owner."),
        lambda _who: _accepted() & Idea.owner_department_id.is_(None),
        lambda: Idea.stage_since.asc(),
    ),
    Queue(
        "returned",
        lazy("A No that comes back"),
        lazy("No declined idea has come back."),
        lambda who: returned() & _theirs(who),
        lambda: Idea.active_at.asc(),
    ),
    Queue(
        "hidden",
        lazy("Hidden"),
        lazy("Nothing is hidden."),
        lambda who: and_(_hidden(), ~authored_by(who.id)),
        lambda: Idea.hidden_at.desc(),
    ),
    Queue(
        "trash",
        lazy("Trash"),
        lazy("The trash is empty."),
        _in_trash,
        lambda: Idea.trashed_at.desc(),
    ),
)


def works_of_ideas() -> list[Work]:
    """The queues over ideas as kinds of work, most urgent first."""
    return [
        Work(
            name=queue.name,
            place=20 + 10 * number,
            title=queue.title,
            empty=queue.empty,
            waiting=_waiting(queue),
            rows=_rows(queue),
            template="moderation/_ideas.html",
            decides=queue.decides,
        )
        for number, queue in enumerate(QUEUES)
    ]


def _waiting(queue: Queue) -> Callable[[Person], Select[Any]]:
    return lambda moderator: select(Idea.id).where(queue.condition(moderator), within(moderator))


def _rows(queue: Queue) -> Callable[[Person], Sequence[Any]]:
    return lambda moderator: rows_of(moderator, queue)


def days_late(since: date) -> int:
    """Working days since a last day passed."""
    return working_days(since, company_day())


def counts(moderator: Person) -> dict[str, int]:
    """How much of each kind of work waits, up to one more than is told. One query."""
    known = works()
    columns = [
        select(func.count())
        .select_from(each.waiting(moderator).limit(COUNTED + 1).subquery())
        .scalar_subquery()
        for each in known
    ]
    row = db.session.execute(select(*columns)).one()
    return {each.name: found for each, found in zip(known, row, strict=True)}


def rows_of(moderator: Person, queue: Queue) -> list[Any]:
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
            Idea.stage_id,
            Idea.stage_since,
            Idea.vote_count,
            Idea.posted_at,
            Idea.anonymous,
            Idea.due_on,
            Idea.trashed_at,
            harms.label("harms"),
            asked.label("asked_due_on"),
            turn.late_since(company_day()).label("late_since"),
            Person.name.label("author"),
            Department.code,
            Department.name.label("department"),
            Department.hue,
            Department.slug,
        )
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(Department, Department.id == Idea.author_department_id)
        .where(queue.condition(moderator), within(moderator))
        .order_by(queue.order(), Idea.id)
        .limit(SHOWN + 1)
    )
    return list(db.session.execute(query).all())
