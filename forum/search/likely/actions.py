"""Saying that two ideas are not the same, and taking it back."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.search.likely import facts
from forum.search.likely.models import LikelyDuplicate


def dismiss(moderator: Person, pair: LikelyDuplicate) -> None:
    """They are not the same; the list names them together no more."""
    _set(moderator, pair, dismissed=True)


def take_back(moderator: Person, pair: LikelyDuplicate) -> None:
    """Undo: they are on the list again."""
    _set(moderator, pair, dismissed=False)


def _set(moderator: Person, pair: LikelyDuplicate, *, dismissed: bool) -> None:
    require(moderator.moderates)
    column = LikelyDuplicate.dismissed_at
    with transaction():
        changed = db.session.execute(
            update(LikelyDuplicate)
            .where(
                LikelyDuplicate.id == pair.id,
                column.is_(None) if dismissed else column.is_not(None),
            )
            .values(
                dismissed_at=now() if dismissed else None,
                dismissed_by_id=moderator.id if dismissed else None,
            )
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            about = ("likely-duplicate", pair.id)
            record(facts.DISMISSED, by=moderator, about=about, dismissed=dismissed)
