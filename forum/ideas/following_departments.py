"""What becomes of answers and owners when a department is merged or archived."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from forum.core.db import db
from forum.core.events import record
from forum.core.i18n import _
from forum.departments.hooks import Follower, Seat
from forum.ideas import facts, handing_over
from forum.ideas.models import (
    Answer,
    AnswerKind,
    AnswerRevision,
    Decision,
    Idea,
    StageChange,
    StageKind,
)
from forum.ideas.policy import UNSETTLED


def _waiting(department_id: int) -> list[tuple[int, int]]:
    """The (slot, idea) pairs in which a decision may still hear this department. One query."""
    query = (
        select(Answer.id, Answer.idea_id)
        .join(Idea, Idea.id == Answer.idea_id)
        .where(
            Answer.department_id == department_id,
            Answer.answer == AnswerKind.WAITING,
            Idea.stage_kind.in_(UNSETTLED),
        )
        .order_by(Answer.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def open_things(department_id: int) -> int:
    """Answers that wait for it, and accepted ideas it carries out. Two queries."""
    owned = select(func.count(Idea.id)).where(
        Idea.owner_department_id == department_id, Idea.stage_kind == StageKind.ACCEPTED
    )
    return len(_waiting(department_id)) + (db.session.scalar(owned) or 0)


def release(department_id: int) -> None:
    """Take the open slots back, and leave what it carried out to the moderators."""
    _drop(_waiting(department_id), department_id)
    _give_to(department_id, None)


def _drop(slots: list[tuple[int, int]], department_id: int) -> None:
    ids = [slot_id for slot_id, _idea_id in slots]
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        db.session.execute(delete(AnswerRevision).where(AnswerRevision.answer_id.in_(chunk)))
        db.session.execute(delete(Answer).where(Answer.id.in_(chunk)))
    for _slot_id, idea_id in slots:
        record(
            facts.DEPARTMENTS_CHANGED,
            by=None,
            about=("idea", idea_id),
            departments=[],
            dropped=[department_id],
        )


def move(old_id: int, new_id: int) -> None:
    """The heir is asked instead, once an idea, in its own time, and carries out what is accepted.

    Where both have a slot, an open one of the old department goes; a given answer stays its own.
    """
    asked = set(db.session.scalars(select(Answer.idea_id).where(Answer.department_id == new_id)))
    slots = db.session.execute(
        select(Answer.id, Answer.idea_id, Answer.answer)
        .where(Answer.department_id == old_id)
        .order_by(Answer.id)
    ).all()
    doubled = [
        (row.id, row.idea_id)
        for row in slots
        if row.idea_id in asked and row.answer == AnswerKind.WAITING
    ]
    moved = [(row.id, row.idea_id) for row in slots if row.idea_id not in asked]
    _drop(doubled, old_id)
    _hand_over(moved, old_id, new_id)
    _give_to(old_id, new_id)


def _give_to(old_id: int, new_id: int | None) -> None:
    """What the old department carries out passes to the heir, or to nobody; neither agreed yet."""
    given = db.session.scalars(
        update(Idea)
        .where(Idea.owner_department_id == old_id, Idea.stage_kind == StageKind.ACCEPTED)
        .values(owner_department_id=new_id)
        .returning(Idea.id)
        .execution_options(synchronize_session=False)
    )
    ids = sorted(given)
    for start in range(0, len(ids), 500):
        db.session.execute(
            update(Decision)
            .where(Decision.idea_id.in_(ids[start : start + 500]))
            .values(
                owner_department_id=new_id,
                confirmed_at=None,
                confirmed_by_id=None,
                asked_due_on=None,
                asked_reason_id=None,
            )
            .execution_options(synchronize_session=False)
        )
    for idea_id in ids:
        record(facts.OWNER_CHANGED, by=None, about=("idea", idea_id), department=new_id)


def _hand_over(slots: list[tuple[int, int]], old_id: int, new_id: int) -> None:
    for slot_id, idea_id in slots:
        handing_over.to_heir(slot_id, old_id, new_id)
        record(
            facts.DEPARTMENTS_CHANGED,
            by=None,
            about=("idea", idea_id),
            departments=[new_id],
            dropped=[old_id],
        )


def seats_of(person_id: int) -> list[Seat]:
    """Ideas somebody took into review and has not decided. One query."""
    taken = select(StageChange.idea_id).where(
        StageChange.by_id == person_id, StageChange.to_kind == StageKind.REVIEW
    )
    query = select(Idea.id, Idea.title).where(
        Idea.stage_kind == StageKind.REVIEW, Idea.id.in_(taken)
    )
    return [
        Seat(_("Decision to make: %(title)s", title=row.title), f"/ideas/{row.id}")
        for row in db.session.execute(query.order_by(Idea.id).limit(100))
    ]


FOLLOWER = Follower("ideas", open_things, release, move)
