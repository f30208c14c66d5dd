"""Reading conditions: on an idea's page, in the moderators' queue, beside a similar text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.texts import Text
from forum.ideas.again.models import Condition, StillNeeded
from forum.ideas.again.watching import departments_needing
from forum.ideas.models import Decision, Idea, StageKind


class Watched(NamedTuple):
    """The condition of a No as its page shows it; `mine`: the reader still needs the idea."""

    on_day: date | None
    departments: int | None
    needing: int
    met_at: datetime | None
    answered_at: datetime | None
    mine: bool


def condition_of(reader: Person, idea_id: int) -> Watched | None:
    """The newest condition of an idea. One query."""
    mine = exists().where(
        StillNeeded.condition_id == Condition.id, StillNeeded.person_id == reader.id
    )
    query = (
        select(
            Condition.on_day,
            Condition.departments,
            departments_needing(),
            Condition.met_at,
            Condition.answered_at,
            mine,
        )
        .join(Decision, Decision.id == Condition.decision_id)
        .where(Condition.idea_id == idea_id)
        .order_by(Condition.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return Watched._make(row) if row is not None else None


def returned() -> ColumnElement[bool]:
    """Declined ideas that came back and wait for a moderator."""
    waits = exists().where(
        Condition.idea_id == Idea.id, Condition.met_at.is_not(None), Condition.answered_at.is_(None)
    )
    return and_(Idea.stage_kind == StageKind.DECLINED, waits)


class OldNo(NamedTuple):
    """Why an idea was declined, and what brings it back."""

    idea_id: int
    reason: str
    revisit: str
    on_day: date | None
    departments: int | None
    met_at: datetime | None


def old_nos(idea_ids: Sequence[int]) -> dict[int, OldNo]:
    """The No that stands on each of these ideas. One query, none for no ideas."""
    if not idea_ids:
        return {}
    newest: Any = (
        select(func.max(Decision.id))
        .where(Decision.idea_id.in_(list(idea_ids)))
        .group_by(Decision.idea_id)
    )
    revisit = Text.__table__.alias("revisit")
    query = (
        select(
            Decision.idea_id,
            func.coalesce(Text.plain, ""),
            func.coalesce(revisit.c.plain, ""),
            Condition.on_day,
            Condition.departments,
            Condition.met_at,
        )
        .outerjoin(Text, Text.id == Decision.reason_id)
        .outerjoin(revisit, revisit.c.id == Decision.revisit_id)
        .outerjoin(Condition, Condition.decision_id == Decision.id)
        .where(Decision.id.in_(newest), Decision.decision == "decline")
    )
    return {row[0]: OldNo._make(row) for row in db.session.execute(query)}
