"""Locking and pinning ideas: no more comments; on top of the list, three at most."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, text, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.ideas import facts, policy, stages
from forum.ideas.models import Idea, StageKind

MOST_PINNED = 3
PINS_LOCK = 7_040_021
"""Key of the PostgreSQL advisory lock under which pins are counted."""
TOO_MANY = lazy("Three ideas are pinned already. Unpin one first.")
NOT_SEEN = lazy("Only an idea that everybody sees can be pinned.")


def set_locked(moderator: Person, idea: Idea, *, locked: bool) -> None:
    """Close or open the comments of an idea; votes go on. Twice is the same as once."""
    require(policy.moderates(moderator, idea) and idea.stage_kind != StageKind.DRAFT)
    column = Idea.locked_at
    with transaction():
        changed = db.session.execute(
            update(Idea)
            .where(Idea.id == idea.id, column.is_(None) if locked else column.is_not(None))
            .values(locked_at=now() if locked else None)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            record(facts.LOCKED, by=moderator, about=("idea", idea.id), locked=locked)


def pin(moderator: Person, idea: Idea) -> None:
    """Put an idea on top of the list; Conflict when three are there or not everybody sees it."""
    require(policy.moderates(moderator, idea) and idea.stage_kind != StageKind.DRAFT)
    with transaction():
        _count_alone()
        pinned = db.session.scalar(select(func.count()).where(Idea.pinned_at.is_not(None))) or 0
        if _set_pinned(idea, [Idea.hidden_at.is_(None)], pinned < MOST_PINNED, now()):
            record(facts.PINNED, by=moderator, about=("idea", idea.id), pinned=True)


def unpin(moderator: Person, idea: Idea) -> None:
    """Take an idea from the top of the list; twice is the same as once."""
    require(policy.moderates(moderator, idea))
    with transaction():
        gone = db.session.execute(
            update(Idea)
            .where(Idea.id == idea.id, Idea.pinned_at.is_not(None))
            .values(pinned_at=None)
        )
        if gone.rowcount:  # type: ignore[attr-defined]
            record(facts.PINNED, by=moderator, about=("idea", idea.id), pinned=False)


def _count_alone() -> None:
    """Two moderators cannot both pin the third one."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PINS_LOCK})


def _set_pinned(idea: Idea, seen: list[Any], room: bool, at: Any) -> bool:
    """Whether it was pinned now; False where it was before."""
    already = db.session.scalar(select(Idea.pinned_at).where(Idea.id == idea.id))
    if already is not None:
        return False
    if not room:
        raise Conflict(TOO_MANY)
    done = db.session.execute(update(Idea).where(Idea.id == idea.id, *seen).values(pinned_at=at))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict(stages.TRASHED if idea.trashed_at else NOT_SEEN)
    return True
