"""News of comments lead to where those stand: with the idea theirs became part of, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, update

from forum.core.db import db
from forum.core.events import Event
from forum.discussion.models import Comment, Thread
from forum.ideas.merges import facts as merges
from forum.notifications.models import DueMail, Notification


def ideas_of(batch: Sequence[Event]) -> set[int]:
    """The ideas that were merged or separated, on both sides."""
    found: set[int] = set()
    for event in batch:
        if event.type in (merges.MERGED.name, merges.UNMERGED.name):
            found.update([event.object_id, *(event.payload.get("children") or ())])
            found.update(number for number in [event.payload.get("into")] if number)
    return found


def news(moved: Mapping[int, int]) -> None:
    """Let these news lead to other ideas, in the open write. A statement for each idea."""
    by_idea: dict[int, list[int]] = defaultdict(list)
    for row_id, idea_id in moved.items():
        by_idea[idea_id].append(row_id)
    for idea_id, ids in by_idea.items():
        query = update(Notification).where(Notification.id.in_(ids)).values(object_id=idea_id)
        db.session.execute(query.execution_options(synchronize_session=False))


def mails(joined: Collection[int]) -> None:
    """The same for what waits to be mailed about comments of these ideas."""
    if not joined:
        return
    place = (
        select(Thread.subject_id)
        .join(Comment, Comment.thread_id == Thread.id)
        .where(Comment.id == DueMail.comment_id)
        .scalar_subquery()
    )
    about = (
        DueMail.object_kind == "idea",
        DueMail.object_id.in_(joined),
        DueMail.comment_id.is_not(None),
    )
    query = update(DueMail).where(*about).values(object_id=place)
    db.session.execute(query.execution_options(synchronize_session=False))
