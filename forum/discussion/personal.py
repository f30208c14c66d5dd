"""The comments a person wrote."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Relabel, Rows, Things, blank, rows, with_sources
from forum.discussion.models import Comment, CommentRevision


def about(person_id: int) -> dict[str, Rows]:
    """Their comments in every wording. Four queries."""
    own = select(Comment.id).where(Comment.author_id == person_id)
    wordings = rows(CommentRevision, CommentRevision.comment_id.in_(own))
    return {
        "comments": rows(
            Comment, or_(Comment.author_id == person_id, Comment.deleted_by_id == person_id)
        ),
        "wordings": with_sources(wordings, "text_id"),
    }


def erase(erasure: Erasure) -> None:
    """What they said stays, unless it is to go."""
    if erasure.blank_texts:
        query = (
            select(CommentRevision.text_id)
            .join(Comment, Comment.id == CommentRevision.comment_id)
            .where(Comment.author_id == erasure.person_id)
        )
        blank(db.session.scalars(query))


def shows(text_ids: Sequence[int], _relabel: Relabel) -> Things:
    """The comments that say or said these texts. One query."""
    query = select(CommentRevision.comment_id).where(CommentRevision.text_id.in_(text_ids))
    return [("comment", comment_id) for comment_id in db.session.scalars(query)]


HOLDING = Holding("discussion", about, erase, shows)
