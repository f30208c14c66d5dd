"""Writing, editing and deleting comments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from forum.accounts.models import Person
from forum.accounts.trust import must_wait
from forum.core import texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.richtext import Composed
from forum.discussion import facts, held, marks, policy
from forum.discussion.marks import PLAIN, Marks
from forum.discussion.models import Comment, CommentRevision, Thread
from forum.discussion.subjects import SUBJECTS
from forum.discussion.visibility import standing
from forum.files.uses import claim

EMPTY = lazy("Write something first.")
GONE = lazy("The comment you reply to is not here any more. Your text can stand by itself.")


def open_thread(subject: str) -> Thread:
    """A new thread, in the open write; its holder sets `subject_id` once it has an id."""
    thread = Thread(subject=subject)
    db.session.add(thread)
    db.session.flush()
    return thread


def comment(
    author: Person,
    kind: str,
    subject: object,
    thread_id: int,
    body: Composed,
    *,
    parent_id: int | None = None,
    marked: Marks = PLAIN,
) -> Comment:
    """Add a comment, or a reply; a reply to a reply hangs on its top comment."""
    if closed := SUBJECTS[kind].closed(subject):
        raise Conflict(closed)
    require(SUBJECTS[kind].may_comment(author, subject))
    values = marks.columns_of(author, kind, subject, marked) if marked != PLAIN else {}
    if not body.source:
        raise Invalid(EMPTY, field="body")
    waits = must_wait(author)
    with transaction():
        parent = _top_comment(thread_id, parent_id)
        new = add_comment(author, thread_id, body, parent_id=parent, **values)
        if waits:
            held.hold(author, new)
            return new
        SUBJECTS[kind].commented(subject, 1, author)
        record_comment(author, new, body)
    return new


def add_comment(
    author: Person,
    thread_id: int,
    body: Composed,
    *,
    parent_id: int | None,
    at: datetime | None = None,
    source_id: str | None = None,
    **values: Any,
) -> Comment:
    """The rows of a comment, in the open write, without its event; importers use it as it is."""
    text = texts.store(body, at=at)
    new = Comment(
        thread_id=thread_id,
        parent_id=parent_id,
        author_id=author.id,
        text_id=text.id,
        created_at=at or now(),
        source_id=source_id,
        **values,
    )
    db.session.add(new)
    db.session.flush()
    db.session.add(CommentRevision(comment_id=new.id, number=1, text_id=text.id, at=new.created_at))
    claim(body.source, "comment", new.id, author)
    return new


def record_comment(
    author: Person | None,
    new: Comment,
    body: Composed,
    *,
    at: datetime | None = None,
    asks: bool = False,
) -> None:
    """Tell the log about a comment, whom it mentions and that a department `asks` by it, in the
    open write; an answer without a name has no author here."""
    mentioned = body.mentions
    marks = {"official": bool(new.official_at), "asks": asks}
    record(
        facts.COMMENTED,
        by=author,
        about=("comment", new.id),
        at=at,
        thread=new.thread_id,
        parent=new.parent_id,
        people=sorted(mentioned.person_ids)[:20],
        departments=sorted(mentioned.department_ids)[:20],
        **{name: True for name, marked in marks.items() if marked},
    )


def _top_comment(thread_id: int, parent_id: int | None) -> int | None:
    if parent_id is None:
        return None
    there = (
        Comment.id == parent_id,
        Comment.thread_id == thread_id,
        standing(),
    )
    # A change that changes nothing keeps the comment from being deleted until the reply stands.
    held = update(Comment).where(*there).values(revision=Comment.revision)
    found = db.session.execute(held).rowcount  # type: ignore[attr-defined]
    if not found:
        raise Invalid(GONE, field="parent")
    return db.session.scalar(select(func.coalesce(Comment.parent_id, Comment.id)).where(*there))


def edit_comment(
    author: Person, target: Comment, body: Composed, *, values: dict[str, Any] | None = None
) -> None:
    """Replace a comment's text; the old one stays readable as its history.

    `values` are its marks (`marks.columns_of`), as they were where there are none.
    """
    require(policy.may_edit(author, target))
    if not body.source:
        raise Invalid(EMPTY, field="body")
    marked = values or {}
    with transaction():
        text = texts.store(body)
        changed = db.session.execute(
            update(Comment)
            .where(
                Comment.id == target.id,
                Comment.deleted_at.is_(None),
                Comment.revision == target.revision,
            )
            .values(text_id=text.id, edited_at=now(), revision=Comment.revision + 1, **marked)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("This comment has just been changed. Look at it again."))
        claim(body.source, "comment", target.id, author)
        number = db.session.scalar(next_wording(target.id)) or 1
        db.session.add(CommentRevision(comment_id=target.id, number=number, text_id=text.id))
        record(facts.COMMENT_EDITED, by=author, about=("comment", target.id))
        if marked:
            marks.record_official(author, target, marked)


def next_wording(comment_id: int) -> Select[int]:
    """The number of a comment's next wording."""
    query = select(func.coalesce(func.max(CommentRevision.number), 0) + 1)
    return query.where(CommentRevision.comment_id == comment_id)


def delete_comment(person: Person, kind: str, subject: object, target: Comment) -> None:
    """Take a comment out of sight, leaving a trace; twice is the same as once."""
    require(policy.may_delete(person, target, curates=SUBJECTS[kind].curates(person, subject)))
    with transaction():
        gone = db.session.execute(
            update(Comment)
            .where(Comment.id == target.id, Comment.deleted_at.is_(None))
            .values(deleted_at=now(), deleted_by_id=person.id)
        )
        if gone.rowcount:  # type: ignore[attr-defined]
            if target.hidden_at is None:
                SUBJECTS[kind].commented(subject, -1, person)
            record(facts.COMMENT_DELETED, by=person, about=("comment", target.id))
            if person.id != target.author_id:
                record(facts.COMMENT_REMOVED, by=person, about=("comment", target.id))


def restore_comment(person: Person, kind: str, subject: object, target: Comment) -> None:
    """Undo a deletion, as long as the words are kept; twice is the same as once."""
    require(policy.may_restore(person, target, curates=SUBJECTS[kind].curates(person, subject)))
    with transaction():
        back = db.session.execute(
            update(Comment)
            .where(
                Comment.id == target.id,
                Comment.deleted_at.is_not(None),
                Comment.purged_at.is_(None),
            )
            .values(deleted_at=None, deleted_by_id=None)
        )
        if not back.rowcount:  # type: ignore[attr-defined]
            return
        if target.hidden_at is None:
            SUBJECTS[kind].commented(subject, 1, person)
        record(facts.COMMENT_RESTORED, by=person, about=("comment", target.id))
