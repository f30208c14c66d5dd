"""Comments of newcomers that wait for a moderator: seen by their author and moderators only."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.events import Event, record
from forum.core.richtext import Mentions
from forum.discussion import facts
from forum.discussion.models import Comment
from forum.discussion.subjects import SUBJECTS


def hold(author: Person, comment: Comment) -> None:
    """Keep a new comment from everybody else, in the open write; nobody hears of it."""
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(hidden_at=now()))
    db.session.refresh(comment)
    record(facts.COMMENT_HELD, by=author, about=("comment", comment.id))


def was_announced(comment_id: int) -> bool:
    """Whether the log has told that it was posted. One query."""
    told = select(Event.id).where(
        Event.object_kind == "comment",
        Event.object_id == comment_id,
        Event.type == facts.COMMENTED.name,
    )
    return db.session.scalar(told.limit(1)) is not None


def release(kind: str, subject: object, comment: Comment, called: Mentions) -> None:
    """Let everybody see a comment that was held, in the open write: it is posted from now on.

    Conflict for one that was deleted meanwhile.
    """
    released = db.session.execute(
        update(Comment)
        .where(
            Comment.id == comment.id,
            Comment.hidden_at.is_not(None),
            Comment.deleted_at.is_(None),
        )
        .values(hidden_at=None, created_at=now())
    )
    if not released.rowcount:  # type: ignore[attr-defined]
        raise Conflict
    author = db.session.get_one(Person, comment.author_id)
    SUBJECTS[kind].commented(subject, 1, author)
    record(
        facts.COMMENTED,
        by=author,
        about=("comment", comment.id),
        thread=comment.thread_id,
        parent=comment.parent_id,
        people=sorted(called.person_ids)[:20],
        departments=sorted(called.department_ids)[:20],
    )
