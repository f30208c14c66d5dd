"""What becomes due by the clock: reminders of matters that nobody touches, and matters that wait
for an author who can come no more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select, update

from forum.accounts.models import Person, Role
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.ideas.models import Idea
from forum.moderation import facts, policy
from forum.moderation.models import FIRST_POST, FLAGS, OPEN, Matter, State
from forum.moderation.things import co_authors_of_all, is_repairable

REMIND_AFTER = timedelta(hours=48)
BATCH = 50
MOST_REMINDED = 100
"""Moderators who hear of one matter."""


def remind() -> int:
    """Remind those who may decide, once, of each matter nobody has touched for two days; how many.

    Moderators with a limit cost queries of their own; there are few, and a matter comes here once.
    """
    overdue = select(Matter).where(
        Matter.state.in_(OPEN),
        Matter.reminded_at.is_(None),
        Matter.moved_at < now() - REMIND_AFTER,
        Matter.thing_kind.not_in(policy.gone()),
    )
    matters = list(db.session.scalars(overdue.order_by(Matter.id).limit(BATCH)))
    people = _moderators() if matters else []
    beside = co_authors_of_all(matters)
    told = {m.id: [p.id for p in people if policy.may_handle(p, m, beside[m.id])] for m in matters}
    if not told:
        return 0
    with transaction():
        return sum(_remind(matter_id, ids) for matter_id, ids in told.items())


def give_back() -> int:
    """Let moderators decide what waits for a repair that nobody can make any more; how many.

    Nobody tells of all that makes it so: its author left, review began, a comment grew old. One
    query while there is nothing.
    """
    ids = list(db.session.scalars(select(Matter.id).where(*_stranded()).limit(BATCH)))
    if not ids:
        return 0
    with transaction():
        values = {"state": State.REPAIRED, "before": State.AUTHOR, "moved_at": now()}
        given = (
            update(Matter)
            .where(Matter.id.in_(ids), *_stranded())
            .values(**values, reminded_at=None)
            .returning(Matter.id)
            .execution_options(synchronize_session=False)
        )
        back = sorted(db.session.scalars(given))
        for matter_id in back:
            record(facts.GIVEN_BACK, by=None, about=("matter", matter_id))
    return len(back)


def _stranded() -> tuple[ColumnElement[bool], ...]:
    """What was hidden without a flag lies among the hidden ideas, what is in the trash waits."""
    trashed = exists().where(Idea.id == Matter.idea_id, Idea.trashed_at.is_not(None))
    return (
        Matter.kind.in_((FLAGS, FIRST_POST)),
        Matter.state == State.AUTHOR,
        Matter.before != State.CLOSED,
        ~is_repairable(Matter.thing_kind, Matter.thing_id, Matter.author_id),
        ~trashed,
    )


def _moderators() -> list[Person]:
    query = select(Person).where(
        Person.role.in_((Role.MODERATOR, Role.ADMIN)), Person.deactivated_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Person.id).limit(MOST_REMINDED)))


def _remind(matter_id: int, people: list[int]) -> int:
    due = (Matter.id == matter_id, Matter.state.in_(OPEN), Matter.reminded_at.is_(None))
    reminded = db.session.execute(update(Matter).where(*due).values(reminded_at=now()))
    if not reminded.rowcount:  # type: ignore[attr-defined]
        return 0
    record(facts.REMINDED, by=None, about=("matter", matter_id), people=people)
    return 1
