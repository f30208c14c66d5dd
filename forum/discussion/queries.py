"""Reading threads."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.texts import Text
from forum.discussion.models import Comment, CommentRevision, Thread
from forum.discussion.subjects import SUBJECTS


class CommentCard(NamedTuple):
    """What a page shows of a comment; `html` is empty for a deleted one."""

    id: int
    parent_id: int | None
    author_id: int
    author: str
    html: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    erased: bool


COMMENTS = (
    select(
        Comment.id,
        Comment.parent_id,
        Comment.author_id,
        Person.name,
        Text.html,
        Comment.created_at,
        Comment.edited_at,
        Comment.deleted_at,
        Person.erased_at,
    )
    .join(Person, Person.id == Comment.author_id)
    .join(Text, Text.id == Comment.text_id)
    .where(Comment.thread_id == bindparam("thread_id"))
    .order_by(Comment.id)
)


def comments_of(thread_id: int) -> list[CommentCard]:
    """All comments of a thread, oldest first. One query."""
    return [
        CommentCard(*row[:4], "" if row[7] else row[4], *row[5:8], row[8] is not None)
        for row in db.session.execute(COMMENTS, {"thread_id": thread_id})
    ]


def comment_or_404(reader: Person, comment_id: int) -> tuple[Comment, str, object]:
    """A comment, its subject's kind and the subject, if the reader may see it."""
    comment = db.session.get(Comment, comment_id) if comment_id < 2**63 else None
    if comment is None:
        raise NotFound
    thread = db.session.get_one(Thread, comment.thread_id)
    subject = SUBJECTS[thread.subject].load_visible(reader, thread.subject_id)
    return comment, thread.subject, subject


def history_of(comment_id: int) -> list[tuple[int, datetime, str]]:
    """Every version of a comment as (number, moment, html), oldest first. One query."""
    query = (
        select(CommentRevision.number, CommentRevision.at, Text.html)
        .join(Text, Text.id == CommentRevision.text_id)
        .where(CommentRevision.comment_id == comment_id)
        .order_by(CommentRevision.number)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]
