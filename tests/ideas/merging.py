"""Looking at ideas that are merged, in tests: what the rows say, and that counts agree."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from forum.core.db import db
from forum.core.texts import Text
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Answer, Follow, Idea, Vote


def state(app: Flask, idea_id: int) -> Idea:
    """An idea, after a look whether its counters are what its rows say."""
    with app.app_context():
        idea = db.session.get_one(Idea, idea_id)
        votes = db.session.scalar(select(func.count()).where(Vote.idea_id == idea_id))
        said = select(func.count(Comment.id)).where(Comment.thread_id == idea.thread_id, standing())
        assert idea.vote_count == votes
        assert idea.support == votes + idea.imported_votes
        assert idea.comment_count == db.session.scalar(said)
        return idea


def voters(app: Flask, idea_id: int) -> set[int]:
    """Who supports an idea; only tests may ask."""
    with app.app_context():
        return set(db.session.scalars(select(Vote.person_id).where(Vote.idea_id == idea_id)))


def followers(app: Flask, idea_id: int) -> set[int]:
    """Who follows an idea."""
    with app.app_context():
        return set(db.session.scalars(select(Follow.person_id).where(Follow.idea_id == idea_id)))


def coauthors(app: Flask, idea_id: int) -> set[int]:
    """Who is credited beside its author."""
    with app.app_context():
        query = select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == idea_id)
        return set(db.session.scalars(query))


def thread(app: Flask, idea_id: int) -> list[tuple[str, str | None]]:
    """What stands in an idea's thread, in order: each comment with the one it replies to."""
    with app.app_context():
        parents = {}
        rows = db.session.execute(
            select(Comment.id, Comment.parent_id, Text.plain)
            .join(Text, Text.id == Comment.text_id)
            .join(Idea, Idea.thread_id == Comment.thread_id)
            .where(Idea.id == idea_id, Comment.deleted_at.is_(None))
            .order_by(Comment.created_at, Comment.id)
        ).all()
        parents = {row.id: row.plain for row in rows}
        return [(row.plain, parents.get(row.parent_id)) for row in rows]


def slots(app: Flask, idea_id: int) -> dict[int, str]:
    """What the departments of an idea answer."""
    with app.app_context():
        query = select(Answer.department_id, Answer.answer).where(Answer.idea_id == idea_id)
        return {row[0]: row[1] for row in db.session.execute(query)}
