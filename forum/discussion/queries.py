"""Reading threads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, null, or_, select, union
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.texts import Text
from forum.discussion.heads import HERE, has_marks
from forum.discussion.models import Comment, CommentRevision, Question, Side, Thread
from forum.discussion.subjects import SUBJECTS
from forum.discussion.visibility import READER, may_see, seen


class CommentCard(NamedTuple):
    """What a page shows of a comment; `html` is empty for a deleted one.

    `deleted_by` is who can bring it back; nobody once its words are gone.
    """

    id: int
    parent_id: int | None
    author_id: int
    author: str
    html: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    erased: bool
    hidden: bool
    deleted_by: int | None
    official: bool = False
    question: str = ""
    side: str = ""


PAGE = 50
"""How many comments of a thread a page shows, not counting those they reply to: with more, a page
costs over three times a bare one of its size."""

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
        Comment.hidden_at,
        Comment.deleted_by_id,
        Comment.purged_at,
        Comment.official_at,
        Comment.question,
        Comment.side,
    )
    .join(Person, Person.id == Comment.author_id)
    .join(Text, Text.id == Comment.text_id)
)


class Span(NamedTuple):
    """Comments of a thread that follow one another, oldest first.

    `others` are comments outside it that some of it reply to; `replied` names for some of its
    comments a reply after it. `before` is when the comment before it was written, None at
    the beginning; `later` tells of comments after, `marked` of marked ones anywhere in the thread.
    """

    cards: list[CommentCard]
    others: list[CommentCard]
    replied: dict[int, int]
    before: datetime | None
    later: bool
    marked: bool = False


class Place(NamedTuple):
    """Where a comment stands among those of its thread."""

    at: datetime
    id: int


def span_of(
    reader: Person,
    thread_id: int,
    *,
    around: int | None = None,
    after: int | None = None,
    before: int | None = None,
) -> Span:
    """A page of a thread as the reader sees it: around, after or before a comment, or its newest.

    `after=0` is the beginning; what is not in the thread, or before its first, leads to the newest.
    One query, one more for a place, and a third where there is nothing before it.
    """
    end = None
    if around is not None:
        end = _place_from(reader, thread_id, around, skipped=PAGE // 2)
    elif after is not None:
        end = _place_from(reader, thread_id, after or None, skipped=PAGE + (after > 0))
    elif before is not None:
        end = _place_from(reader, thread_id, before)
    span = _read_span(reader, thread_id, end)
    return span if span.cards or end is None else _read_span(reader, thread_id, None)


SHOWN: dict[str, ColumnElement[bool]] = {
    "questions": Comment.question == Question.OPEN,
    "official": Comment.official_at.is_not(None),
    **{str(side): Comment.side == side for side in Side},
}
"""What a thread can be narrowed to."""


def marked_span(thread_id: int, shown: str) -> Span:
    """The newest comments of a thread with a mark, oldest first, a page of them. One query."""
    query = CARDS.where(*HERE, SHOWN[shown]).order_by(Comment.created_at.desc(), Comment.id.desc())
    found = read_columns(query.limit(PAGE), {"thread_id": thread_id}).all()
    return Span([_card(row) for row in reversed(found)], [], {}, None, later=False, marked=True)


def _place_from(
    reader: Person, thread_id: int, comment_id: int | None, *, skipped: int = 0
) -> Place | None:
    """The place so many comments on from one, or from the beginning; None beyond the newest."""
    visible = seen(Comment, moderates=reader.moderates)
    query = (
        select(Comment.created_at, Comment.id)
        .where(Comment.thread_id == thread_id, visible)
        .order_by(Comment.created_at, Comment.id)
        .limit(skipped + 1)
    )
    if comment_id is not None:
        here = Comment.id == comment_id, Comment.thread_id == thread_id, visible
        at = select(Comment.created_at).where(*here).scalar_subquery()
        from_here = or_(Comment.created_at > at, Comment.id >= comment_id)
        query = query.where(Comment.created_at >= at, from_here)
    found = read_columns(query, {READER.key: reader.id}).all()
    return Place._make(found[skipped]) if len(found) > skipped else None


@cache
def _span_query(*, to_the_end: bool, moderates: bool) -> Select[Any]:
    """The last comments before a place, one more than a page, and those they reply to."""
    at = bindparam("at", type_=Comment.created_at.type)
    end = bindparam("end", type_=Comment.id.type)
    span = (
        select(Comment.id, Comment.parent_id)
        .where(Comment.thread_id == bindparam("thread_id"), seen(Comment, moderates=moderates))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(PAGE + 1)
    )
    later: ColumnElement[Any] = null()
    if not to_the_end:
        earlier = or_(Comment.created_at < at, Comment.id < end)
        span = span.where(Comment.created_at <= at, earlier)
        reply = aliased(Comment)
        not_before = and_(reply.created_at >= at, or_(reply.created_at > at, reply.id >= end))
        replies = select(func.min(reply.id)).where(
            reply.parent_id == Comment.id, not_before, seen(reply, moderates=moderates)
        )
        later = replies.correlate(Comment).scalar_subquery()
    inside = span.cte("span")
    wanted = union(select(inside.c.id), select(inside.c.parent_id))
    return (
        CARDS.add_columns(
            Comment.id.in_(select(inside.c.id)).label("inside"),
            later.label("later"),
            has_marks().label("marked"),
        )
        .where(Comment.id.in_(wanted.scalar_subquery()), seen(Comment, moderates=moderates))
        .order_by(Comment.created_at, Comment.id)
    )


def _read_span(reader: Person, thread_id: int, end: Place | None) -> Span:
    bounds = {"at": end.at, "end": end.id} if end is not None else {}
    query = _span_query(to_the_end=end is None, moderates=reader.moderates)
    values = {"thread_id": thread_id, READER.key: reader.id, **bounds}
    found = read_columns(query, values).all()
    inside = [_card(row) for row in found if row.inside]
    before = inside.pop(0) if len(inside) > PAGE else None
    kept = {card.id for card in inside}
    answered = {card.parent_id for card in inside} - kept
    return Span(
        inside,
        [_card(row) for row in found if row.id in answered],
        {row.id: row.later for row in found if row.later and row.id in kept},
        before.created_at if before else None,
        end is not None,
        any(row.marked for row in found[:1]),
    )


def _card(row: Any) -> CommentCard:
    """A card of a row that begins with the columns of `CARDS`."""
    (
        number, parent, author, name, html, created, edited, deleted,
        erased, hidden, deleted_by, purged, official, question, side,
    ) = row[:15]  # fmt: skip
    return CommentCard(
        number,
        parent,
        author,
        name,
        "" if deleted else html,
        created,
        edited,
        deleted,
        erased is not None,
        hidden is not None,
        deleted_by if purged is None else None,
        *(() if deleted else (official is not None, question, side)),
    )


def far_back() -> ColumnElement[bool]:
    """Whether a whole page of later comments stands after one; reads no more than that page."""
    later = aliased(Comment)
    nth = (
        select(later.id)
        .where(
            later.hidden_at.is_(None),
            later.thread_id == Comment.thread_id,
            later.created_at >= Comment.created_at,
            or_(later.created_at > Comment.created_at, later.id > Comment.id),
        )
        .order_by(later.created_at, later.id)
        .limit(1)
        .offset(PAGE - 1)
    )
    return nth.correlate(Comment).scalar_subquery().is_not(None)


def is_far_back(comment_id: int) -> bool:
    """The same for one comment. One query."""
    return bool(db.session.scalar(select(far_back()).where(Comment.id == comment_id)))


class Standing(NamedTuple):
    """What a comment hangs on now, and whether its page shows it only when asked."""

    subject_id: int
    far: bool


def places_of(comment_ids: Collection[int]) -> dict[int, Standing]:
    """Where comments stand, by their ids. One query, none for none."""
    query = (
        select(Comment.id, Thread.subject_id, far_back())
        .select_from(Comment)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.id.in_(comment_ids))
    )
    rows = db.session.execute(query) if comment_ids else ()
    return {row[0]: Standing(row[1], bool(row[2])) for row in rows}


def card_of(comment_id: int) -> CommentCard:
    """One comment as a page shows it. One query."""
    return _card(db.session.execute(CARDS.where(Comment.id == comment_id)).one())


def comment_or_404(reader: Person, comment_id: int) -> tuple[Comment, str, object]:
    """A comment, its subject's kind and the subject, if the reader may see it."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or not may_see(reader, comment):
        raise NotFound
    thread = db.session.get_one(Thread, comment.thread_id)
    subject = SUBJECTS[thread.subject].load_visible(reader, thread.subject_id)
    return comment, thread.subject, subject


def sees_comment(reader: Person, comment_id: int) -> bool:
    """Whether a reader sees a comment, for the files it shows; what is deleted nobody sees.

    Two queries, and its subject's.
    """
    try:
        comment, _kind, _subject = comment_or_404(reader, comment_id)
    except NotFound:
        return False
    return comment.deleted_at is None


def history_of(comment_id: int) -> list[tuple[int, datetime, str]]:
    """Every version of a comment as (number, moment, html), oldest first. One query."""
    query = (
        select(CommentRevision.number, CommentRevision.at, Text.html)
        .join(Text, Text.id == CommentRevision.text_id)
        .where(CommentRevision.comment_id == comment_id)
        .order_by(CommentRevision.number)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]
