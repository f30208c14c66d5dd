"""Ideas that moderators have pinned to the top of the list."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas.listing import IdeaFilter, ListedIdea, listed_by_ids
from forum.ideas.models import Idea


def on_top_of(reader: Person, wanted: IdeaFilter) -> list[ListedIdea]:
    """What is pinned, newest pin first, on the first page of the whole list. One query there, and
    two more where something is pinned."""
    if wanted.narrowed or wanted.after:
        return []
    query = select(Idea.id).where(Idea.pinned_at.is_not(None)).order_by(Idea.pinned_at.desc())
    ids = list(db.session.scalars(query))
    if not ids:
        return []
    seen = listed_by_ids(reader, ids)
    return [seen[idea_id] for idea_id in ids if idea_id in seen]
