"""The rows of comments and votes, many in a statement, in the open write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.clock import now
from forum.core.db import db
from forum.core.richtext import Composed
from forum.discussion.models import Comment, CommentRevision
from forum.ideas.imports.authors import Authors
from forum.ideas.imports.desk import Desk
from forum.ideas.imports.records import ImportedComment
from forum.ideas.models import Vote

Said = tuple[int, ImportedComment, Composed, datetime]
"""The thread, the comment, its text and when."""
Support = tuple[int, str, datetime]
"""The idea, who supports it, and since when."""
RETURNED = ("id", "thread_id", "source_id", "text_id", "created_at", "revision")
Places = dict[tuple[int, str], int]
"""Ids of comments by their thread and the source's id."""


def add_comments(
    desk: Desk, said: Sequence[Said], text_ids: dict[str, int], known: Places | None = None
) -> None:
    """Insert comments, those that are answered first; `known` are the ones there already."""
    places = dict(known or {})
    tops = [each for each in said if each[1].parent is None]
    replies = [each for each in said if each[1].parent is not None]
    for group in (tops, replies):
        places.update(_insert(desk, group, text_ids, places))


def _insert(desk: Desk, said: Sequence[Said], text_ids: dict[str, int], places: Places) -> Places:
    if not said:
        return {}
    rows = [
        {
            "thread_id": thread_id,
            "parent_id": places.get((thread_id, given.parent or "")),
            "author_id": desk.authors.of(given.author).id,
            "text_id": text_ids[body.digest],
            "created_at": at,
            "source_id": given.id,
            "revision": given.revision,
            "hidden_at": now() if given.hidden else None,
            **_marks(desk, given),
        }
        for thread_id, given, body, at in said
    ]
    query = insert(Comment.__table__).returning(  # type: ignore[arg-type]
        *(getattr(Comment, name) for name in RETURNED)
    )
    made = db.session.execute(query, rows).all()
    revisions = [
        {
            "comment_id": row.id,
            "number": row.revision,
            "text_id": row.text_id,
            "at": row.created_at,
        }
        for row in made
    ]
    db.session.execute(insert(CommentRevision.__table__), revisions)  # type: ignore[arg-type]
    return {(row.thread_id, row.source_id): row.id for row in made}


def _marks(desk: Desk, given: ImportedComment) -> dict[str, Any]:
    """What a comment is besides its words; a side's department that is not here is left out."""
    marks = given.marks
    known = marks.department if desk.knows(marks.department) else ""
    return {
        "official_at": marks.official_at,
        "question": marks.question,
        "side": marks.side,
        "side_department_id": desk.department(known),
    }


def add_votes(authors: Authors, votes: Sequence[Support]) -> int:
    """Insert votes that are not there yet; how many were new."""
    if not votes:
        return 0
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    rows = [
        {
            "idea_id": idea_id,
            "person_id": authors.of(person).id,
            "department_id": authors.of(person).department_id,
            "revision": 1,
            "at": at,
        }
        for idea_id, person, at in votes
    ]
    once = {(row["idea_id"], row["person_id"]): row for row in rows}
    query = dialect(Vote.__table__).on_conflict_do_nothing().returning(Vote.person_id)
    return len(db.session.execute(query, list(once.values())).all())
