"""What somebody said of promises. Marks count on without their name; notes go where texts go."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, blank, rows, with_sources
from forum.ideas.models import Idea
from forum.standards.kept.models import IdeaClause, PromiseMark


def about(person_id: int) -> dict[str, Rows]:
    """Marks with their notes, and which clauses own ideas are about. Three queries."""
    own = select(Idea.id).where(Idea.author_id == person_id)
    return {
        "promise_marks": with_sources(
            rows(PromiseMark, PromiseMark.person_id == person_id), "note_id"
        ),
        "idea_clauses": rows(IdeaClause, IdeaClause.idea_id.in_(own)),
    }


def erase(erasure: Erasure) -> None:
    """Notes are emptied with the person's other texts."""
    if erasure.blank_texts:
        query = select(PromiseMark.note_id).where(PromiseMark.person_id == erasure.person_id)
        blank(db.session.scalars(query))


HOLDING = Holding("promises", about, erase)
