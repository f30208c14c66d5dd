"""Reading threads."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, select, union
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.texts import Text
from forum.core.urls import LARGEST_ID
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


PAGE = 100
"""How many comments of a thread a page shows, not counting those they reply to."""

CARDS = (
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
)


class Span(NamedTuple):
    """Comments of a thread that follow one another, oldest first.

    `others` are older comments, outside the span, which some of the span reply to. `before` is when
    the comment before the span was written, None at the beginning; `later` tells of comments after.
    """

    cards: list[CommentCard]
    others: list[CommentCard]
    before: datetime | None
    later: bool


def span_of(
    thread_id: int,
    *,
    around: int | None = None,
    after: int | None = None,
    before: int | None = None,
) -> Span:
    """A page of a thread: around, after or before a comment's id, otherwise its newest.

    One query, and one more for `around` and `after`.
    """
    end = before
    if around is not None:
        end = _id_after(thread_id, around, PAGE // 2)
    elif after is not None:
        end = _id_after(thread_id, after, PAGE)
    span = _read_span(thread_id, end)
    return span if span.cards or end is None else _read_span(thread_id, None)


def _id_after(thread_id: int, comment_id: int, skipped: int) -> int | None:
    """The id of the comment that follows one and the next `skipped` ones, None without such."""
    query = (
        select(Comment.id)
        .where(Comment.thread_id == thread_id, Comment.id > comment_id)
        .order_by(Comment.id)
        .limit(skipped + 1)
    )
    ids = db.session.scalars(query).all()
    return ids[skipped] if len(ids) > skipped else None


@cache
def _span_query() -> Select[Any]:
    """The last comments before an id, one more than a page, and those they reply to."""
    span = (
        select(Comment.id, Comment.parent_id)
        .where(Comment.thread_id == bindparam("thread_id"), Comment.id < bindparam("end"))
        .order_by(Comment.id.desc())
        .limit(PAGE + 1)
        .cte("span")
    )
    wanted = union(select(span.c.id), select(span.c.parent_id))
    return (
        CARDS.add_columns(Comment.id.in_(select(span.c.id)).label("inside"))
        .where(Comment.id.in_(wanted.scalar_subquery()))
        .order_by(Comment.id)
    )


def _read_span(thread_id: int, end: int | None) -> Span:
    bounds = {"thread_id": thread_id, "end": LARGEST_ID if end is None else end}
    rows = db.session.execute(_span_query(), bounds).all()
    inside = [_card(row) for row in rows if row.inside]
    before = inside.pop(0) if len(inside) > PAGE else None
    answered = {card.parent_id for card in inside} - {card.id for card in inside}
    others = [card for row in rows if (card := _card(row)).id in answered]
    return Span(inside, others, before.created_at if before else None, end is not None)


def _card(row: Any) -> CommentCard:
    return CommentCard(
        row.id,
        row.parent_id,
        row.author_id,
        row.name,
        "" if row.deleted_at else row.html,
        row.created_at,
        row.edited_at,
        row.deleted_at,
        row.erased_at is not None,
    )


def far_back() -> ColumnElement[bool]:
    """Whether a whole page of later comments stands after one; reads no more than that page."""
    later = aliased(Comment)
    nth = (
        select(later.id)
        .where(later.thread_id == Comment.thread_id, later.id > Comment.id)
        .order_by(later.id)
        .limit(1)
        .offset(PAGE - 1)
    )
    return nth.correlate(Comment).scalar_subquery().is_not(None)


def is_far_back(comment: Comment) -> bool:
    """The same for one comment. One query."""
    return bool(db.session.scalar(select(far_back()).where(Comment.id == comment.id)))


def card_of(comment_id: int) -> CommentCard:
    """One comment as a page shows it. One query."""
    return _card(db.session.execute(CARDS.where(Comment.id == comment_id)).one())


def comment_or_404(reader: Person, comment_id: int) -> tuple[Comment, str, object]:
    """A comment, its subject's kind and the subject, if the reader may see it."""
    comment = db.session.get(Comment, comment_id)
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
