"""Setting the condition of a No, saying that one still needs the idea, and answering when it
comes true."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.ideas import asking, policy, stages
from forum.ideas.again import facts
from forum.ideas.again.models import Condition, StillNeeded
from forum.ideas.models import Idea, StageKind

PAST = lazy("Choose a day after today.")
FEW = lazy("Give a number of departments, from 1 to 50.")
MOST = 50
NO_CONDITION = lazy("This No does not ask who still needs it.")
NOT_BACK = lazy("This idea has not come back, or somebody has just answered it.")


def check(on_day: date | None, departments: int | None) -> None:
    """Raises Invalid for a condition that could never come true, or has come true already."""
    if on_day is not None and on_day <= today():
        raise Invalid(PAST, field="again_on")
    if departments is not None and not 1 <= departments <= MOST:
        raise Invalid(FEW, field="again_departments")


def watch(idea_id: int, decision_id: int, on_day: date | None, departments: int | None) -> None:
    """Remember what brings the idea back, in the open write that declines it."""
    if on_day is not None or departments is not None:
        db.session.add(
            Condition(
                decision_id=decision_id, idea_id=idea_id, on_day=on_day, departments=departments
            )
        )


def forget(decision_id: int) -> None:
    """Drop the condition of a decision that is taken back, in the open write."""
    _forget(Condition.decision_id == decision_id)


def forget_all(idea_id: int) -> None:
    """Drop every condition of an idea whose decisions are written anew, in the open write."""
    _forget(Condition.idea_id == idea_id)


def _forget(which: ColumnElement[bool]) -> None:
    mine = select(Condition.id).where(which)
    db.session.execute(delete(StillNeeded).where(StillNeeded.condition_id.in_(mine)))
    db.session.execute(delete(Condition).where(which))


def still_need(person: Person, idea: Idea) -> None:
    """Say that one still needs a declined idea; twice is the same as once."""
    require(policy.may_vote(person, idea))
    with transaction():
        condition = _asking(idea)
        insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        said = insert(StillNeeded.__table__).values(
            condition_id=condition.id,
            person_id=person.id,
            department_id=person.department_id,
            at=now(),
        )
        made = db.session.execute(
            said.on_conflict_do_nothing().returning(StillNeeded.person_id)
        ).all()
        if made:
            record(facts.STILL_NEEDED, by=None, about=("idea", idea.id))


def need_no_more(person: Person, idea: Idea) -> None:
    """Undo: one does not need it any more; twice is the same as once."""
    require(policy.may_vote(person, idea))
    with transaction():
        condition = _asking(idea)
        gone = db.session.execute(
            delete(StillNeeded).where(
                StillNeeded.condition_id == condition.id, StillNeeded.person_id == person.id
            )
        )
        if gone.rowcount:  # type: ignore[attr-defined]
            record(facts.STILL_NEEDED, by=None, about=("idea", idea.id))


def _asking(idea: Idea) -> Condition:
    """The condition that asks who still needs it, held; Conflict where none does (any more)."""
    stages.hold(idea, allowed=[StageKind.DECLINED], conflict=NO_CONDITION)
    query = select(Condition).where(
        Condition.idea_id == idea.id, Condition.departments.is_not(None), Condition.met_at.is_(None)
    )
    found = db.session.scalars(query.order_by(Condition.id.desc())).first()
    if found is None:
        raise Conflict(NO_CONDITION)
    return found


def leave_declined(moderator: Person, idea: Idea) -> None:
    """It came back, and stays declined; it does not come back again."""
    require(policy.may_decide(moderator, idea))
    with transaction():
        stages.hold(idea, allowed=[StageKind.DECLINED], conflict=NOT_BACK)
        _answer(moderator, idea)
        record(facts.LEFT, by=moderator, about=("idea", idea.id))


def reopen(moderator: Person, idea: Idea) -> None:
    """It came back, and is in review again; the earlier decision stays in its history."""
    require(policy.may_decide(moderator, idea))
    with transaction():
        stages.move(
            idea,
            StageKind.REVIEW,
            by=moderator,
            allowed=[StageKind.DECLINED],
            conflict=NOT_BACK,
            settled_at=None,
        )
        asking.ask_anew(idea)
        _answer(moderator, idea)
        record(facts.REOPENED, by=moderator, about=("idea", idea.id))


def _answer(moderator: Person, idea: Idea) -> None:
    """Of two moderators exactly one answers."""
    answered = db.session.execute(
        update(Condition)
        .where(
            Condition.idea_id == idea.id,
            Condition.met_at.is_not(None),
            Condition.answered_at.is_(None),
        )
        .values(answered_at=now(), answered_by_id=moderator.id)
    )
    if not answered.rowcount:  # type: ignore[attr-defined]
        raise Conflict(NOT_BACK)


def take_back_leaving(moderator: Person, idea: Idea) -> None:
    """Undo: it waits for an answer again; of one that was taken up there is nothing to undo."""
    require(policy.may_decide(moderator, idea))
    with transaction():
        stages.hold(idea, allowed=[StageKind.DECLINED], conflict=NOT_BACK)
        newest = select(func.max(Condition.id)).where(Condition.idea_id == idea.id)
        waits = db.session.execute(
            update(Condition)
            .where(
                Condition.id == newest.scalar_subquery(),
                Condition.answered_by_id == moderator.id,
            )
            .values(answered_at=None, answered_by_id=None)
            .execution_options(synchronize_session=False)
        )
        if not waits.rowcount:  # type: ignore[attr-defined]
            raise Conflict(NOT_BACK)
        record(facts.LEFT, by=moderator, about=("idea", idea.id), undone=True)
