"""The sweep that notices conditions that came true: each exactly once, whatever crashes."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, distinct, func, or_, select, update

from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.events import record
from forum.ideas.again import facts
from forum.ideas.again.models import Condition, StillNeeded
from forum.ideas.models import Idea, StageKind

BATCH = 200
"""Conditions a write, so that the running forum is never starved."""


def departments_needing() -> ColumnElement[int]:
    """How many departments have somebody who still needs what a condition is about."""
    return (
        select(func.count(distinct(StillNeeded.department_id)))
        .where(StillNeeded.condition_id == Condition.id)
        .correlate(Condition)
        .scalar_subquery()
    )


def look() -> int:
    """Let everything return whose condition has come true; how many ideas."""
    total = 0
    while ids := list(db.session.scalars(_due())):
        returned = [_return(condition_id) for condition_id in ids]
        total += sum(returned)
        if not any(returned):
            break
    return total


def _due() -> Select[int]:
    enough = Condition.departments <= departments_needing()
    return (
        select(Condition.id)
        .join(Idea, Idea.id == Condition.idea_id)
        .where(
            Condition.met_at.is_(None),
            or_(Condition.on_day <= today(), enough),
            Idea.stage_kind == StageKind.DECLINED,
            Idea.hidden_at.is_(None),
        )
        .order_by(Condition.id)
        .limit(BATCH)
    )


def _return(condition_id: int) -> bool:
    """The row says that it has returned in the same write as the log: a crash repeats neither."""
    with transaction():
        met = db.session.execute(
            update(Condition)
            .where(
                Condition.id == condition_id,
                Condition.met_at.is_(None),
                Condition.idea_id.in_(select(Idea.id).where(Idea.stage_kind == StageKind.DECLINED)),
            )
            .values(met_at=now())
            .returning(Condition.idea_id)
            .execution_options(synchronize_session=False)
        ).first()
        if met is not None:
            about = ("idea", met.idea_id)
            record(facts.RETURNED, by=None, about=about, condition=condition_id)
    return met is not None
