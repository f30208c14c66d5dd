"""What becomes of an idea of the demo company beside its stages: a No that may end, the trash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import record
from forum.demo.content import Row
from forum.ideas import facts
from forum.ideas.again import actions as again_actions
from forum.ideas.again import facts as again
from forum.ideas.again.models import Condition
from forum.ideas.models import Decision
from forum.moderation.models import Trashed

if TYPE_CHECKING:
    from forum.demo.ideas import Story


def watch(decision: Decision, verdict: Row, today: datetime) -> None:
    """What brings a declined idea back, if anything does, in the open write."""
    if wanted := verdict.get("again"):
        days = wanted.get("in_days")
        on_day = (today + timedelta(days=days)).date() if days else None
        again_actions.watch(decision.idea_id, decision.id, on_day, wanted.get("departments"))


def hide(story: Story, moderator: Person | None, at: datetime) -> None:
    """Seen by its author and moderators only."""
    story.idea.hidden_at = at
    record(facts.HIDDEN, by=moderator, about=("idea", story.idea.id), at=at, hidden=True)


def give_back(story: Story, _nobody: Person | None, at: datetime) -> None:
    """The day that the No named has come."""
    standing = select(Decision.id).where(Decision.idea_id == story.idea.id)
    came = Condition(
        decision_id=db.session.scalars(standing).one(),
        idea_id=story.idea.id,
        on_day=at.date(),
        met_at=at,
    )
    db.session.add(came)
    db.session.flush()
    about = ("idea", story.idea.id)
    record(again.RETURNED, by=None, about=about, at=at, condition=came.id)


def throw_away(story: Story, moderator: Person | None, at: datetime) -> None:
    """Into the trash, for thirty days."""
    assert moderator is not None
    idea = story.idea
    idea.trashed_at = idea.hidden_at = at
    laid = {"idea_id": idea.id, "at": at, "by_id": moderator.id}
    db.session.add(Trashed(**laid, was_hidden=False))
    record(facts.TRASHED, by=moderator, about=("idea", idea.id), at=at)


HAPPENINGS: dict[str, Callable[[Story, Person | None, datetime], None]] = {
    "hidden": hide,
    "returned": give_back,
    "trashed": throw_away,
}
"""The names in the files of what may happen to an idea."""
