"""Finding an idea by what its author has, and what departments asked them.

None of it asks whether the module is on: what was posted while it was keeps its way to be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, select

from forum.accounts.models import Person
from forum.accounts.sessions import digest
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.texts import Text
from forum.departments.models import Department
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas.anonymous.models import AnonymousAuthor, AnonymousPost, Level
from forum.ideas.models import Answer, Idea, Question

Table = type[AnonymousPost] | type[AnonymousAuthor]


def idea_by_secret(secret: str) -> Idea:
    """The idea whose author keeps that secret; NotFound for any other. One query."""
    return _found(AnonymousPost, AnonymousPost.secret_hash == digest(secret))


def idea_of(person: Person, idea_id: int) -> Idea:
    """An idea that somebody posted for moderators to know; NotFound for any other. One query."""
    table = AnonymousAuthor
    return _found(table, table.idea_id == idea_id, table.person_id == person.id)


def _found(table: Table, *which: ColumnElement[bool]) -> Idea:
    query = select(Idea).join(table, table.idea_id == Idea.id)
    idea: Idea | None = db.session.scalars(query.where(*which, Idea.trashed_at.is_(None))).first()
    if idea is None:
        raise NotFound
    return idea


def is_reachable(idea: Idea) -> bool:
    """Whether the author can be asked. One query of an idea without a name, none of others."""
    if not idea.anonymous:
        return True
    kept = exists().where(AnonymousPost.idea_id == idea.id)
    return bool(db.session.scalar(select(kept)))


class Own(NamedTuple):
    """Whether the reader posted it, as moderators may know, and whether they are asked."""

    is_own: bool
    is_asked: bool


def own_of(reader: Person, idea: Idea) -> Own:
    """What an idea's page says to its author alone; of the trash nothing. One query."""
    if idea.anonymous != Level.MODERATORS or idea.trashed_at is not None:
        return Own(is_own=False, is_asked=False)
    theirs = exists().where(
        AnonymousAuthor.idea_id == idea.id, AnonymousAuthor.person_id == reader.id
    )
    open_one = exists().where(
        Question.answer_id == Answer.id, Answer.idea_id == idea.id, Question.closed_at.is_(None)
    )
    is_own, is_open = db.session.execute(select(theirs, open_one)).one()
    return Own(bool(is_own), bool(is_own and is_open))


def authors_behind(idea_ids: set[int]) -> dict[int, int]:
    """Who posted those ideas of which moderators may learn it: to tell them, and nobody else, that
    they are asked. One query."""
    query = select(AnonymousAuthor.idea_id, AnonymousAuthor.person_id)
    found = db.session.execute(query.where(AnonymousAuthor.idea_id.in_(idea_ids)))
    return {row[0]: row[1] for row in found}


def questions_of(idea: Idea) -> Sequence[Any]:
    """What departments asked, whether that is still open, and by whom; oldest first. One query."""
    query = (
        select(Question.id, Question.closed_at, Department.name, Text.html)
        .join(Answer, Answer.id == Question.answer_id)
        .join(Comment, Comment.id == Question.comment_id)
        .join(Text, Text.id == Comment.text_id)
        .join(Department, Department.id == Question.department_id)
        .where(Answer.idea_id == idea.id, standing())
        .order_by(Question.id)
    )
    return db.session.execute(query).all()


def answers_of(idea: Idea) -> set[int]:
    """The comments that are answers of an author without a name: nobody's, to a question. One
    query."""
    asked = select(Question.comment_id).join(Answer, Answer.id == Question.answer_id)
    query = select(Comment.id).where(
        Comment.thread_id == idea.thread_id,
        Comment.author_id == idea.author_id,
        Comment.parent_id.in_(asked.where(Answer.idea_id == idea.id)),
    )
    return set(db.session.scalars(query))
