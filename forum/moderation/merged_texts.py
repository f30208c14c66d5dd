"""The text of a merged idea, which stands as a comment in the one it is part of: it goes to the
trash with its idea, and comes back with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from forum.core.db import db
from forum.core.events import EventType, record
from forum.discussion import facts
from forum.discussion.models import Comment
from forum.ideas.merges.models import Merge
from forum.ideas.models import Idea


def take_away(idea_id: int, by_id: int, at: datetime) -> None:
    """Take it out of sight, unless somebody has deleted it before; in the open write."""
    away = {"deleted_at": at, "deleted_by_id": by_id}
    _write(idea_id, away, -1, facts.COMMENT_DELETED, Comment.deleted_at.is_(None))


def put_back(idea_id: int, at: datetime) -> None:
    """The same back, if it went at that moment and its words are kept; in the open write."""
    back = {"deleted_at": None, "deleted_by_id": None}
    went = Comment.deleted_at == at, Comment.purged_at.is_(None)
    _write(idea_id, back, 1, facts.COMMENT_RESTORED, *went)


def _write(idea_id: int, values: dict[str, Any], step: int, fact: EventType, *still: Any) -> None:
    stands = select(Merge.comment_id).where(Merge.child_id == idea_id, Merge.undone_at.is_(None))
    query = update(Comment).where(Comment.id.in_(stands), *still).values(**values)
    changed = query.returning(Comment.id, Comment.thread_id, Comment.hidden_at)
    for row in db.session.execute(changed.execution_options(synchronize_session=False)).all():
        if row.hidden_at is None:
            counted = update(Idea).where(Idea.thread_id == row.thread_id)
            db.session.execute(
                counted.values(comment_count=Idea.comment_count + step).execution_options(
                    synchronize_session=False
                )
            )
        record(fact, by=None, about=("comment", row.id))
