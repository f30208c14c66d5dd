"""Hiding ideas and showing them again."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.ideas import facts
from forum.ideas.models import Idea


def hide(moderator: Person, idea: Idea) -> None:
    """Take an idea out of everybody's sight but the moderators' and its author's."""
    _set_hidden(moderator, idea, hidden=True)


def show_again(moderator: Person, idea: Idea) -> None:
    """Undo: everybody sees it again."""
    _set_hidden(moderator, idea, hidden=False)


def _set_hidden(moderator: Person, idea: Idea, *, hidden: bool) -> None:
    require(moderator.moderates)
    with transaction():
        changed = db.session.execute(
            update(Idea)
            .where(
                Idea.id == idea.id,
                Idea.hidden_at.is_(None) if hidden else Idea.hidden_at.is_not(None),
            )
            .values(hidden_at=now() if hidden else None)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            record(facts.HIDDEN, by=moderator, about=("idea", idea.id), hidden=hidden)
