"""Who is concerned by ideas that were merged, and by a No that comes back, read in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, union

from forum.core.db import db
from forum.core.events import Event
from forum.ideas.again import facts as again
from forum.ideas.again.models import Condition, StillNeeded
from forum.ideas.merges import facts as merges
from forum.ideas.merges.models import IdeaAuthor, Merge, MergedPerson, PersonPart
from forum.ideas.models import Follow, Idea, Vote

Pairs = list[tuple[int, int]]


def who_listens(idea_ids: set[int]) -> list[tuple[int, int, datetime | None]]:
    """Followers by idea, and since when they have been, where that is known. One query."""
    query = select(Follow.idea_id, Follow.person_id, Follow.since)
    found = db.session.execute(query.where(Follow.idea_id.in_(idea_ids)))
    return [(row[0], row[1], row[2]) for row in found]


def who_writes(idea_ids: set[int]) -> list[tuple[int, int, datetime]]:
    """Co-authors by idea, and since when they have been. One query."""
    query = select(IdeaAuthor.idea_id, IdeaAuthor.person_id, IdeaAuthor.at)
    found = db.session.execute(query.where(IdeaAuthor.idea_id.in_(idea_ids)))
    return [(row[0], row[1], row[2]) for row in found]


def who_came(batch: Sequence[Event]) -> Pairs:
    """Authors and followers of ideas that were merged, by the merge, while it stands. One query,
    none where nothing was merged."""
    ids = {n for e in batch if e.type == merges.MERGED.name for n in e.payload.get("merges") or ()}
    if not ids:
        return []
    standing = Merge.id.in_(ids), Merge.undone_at.is_(None)
    authors = select(Merge.id, Idea.author_id).join(Idea, Idea.id == Merge.child_id)
    followers = select(Merge.id, MergedPerson.person_id).join(
        MergedPerson, MergedPerson.merge_id == Merge.id
    )
    followers = followers.where(MergedPerson.part == PersonPart.FOLLOW)
    found = union(authors.where(*standing), followers.where(*standing))
    return [(row[0], row[1]) for row in db.session.execute(found)]


def who_cared(batch: Sequence[Event]) -> Pairs:
    """Who supported an idea that came back, or said they still need it, by the condition; that
    they hear of it is seen by nobody else. One query, none where nothing came back."""
    ids = {e.payload.get("condition") or 0 for e in batch if e.type == again.RETURNED.name}
    if not ids:
        return []
    here = Condition.id.in_(ids)
    authors = select(Condition.id, Idea.author_id).join(Idea, Idea.id == Condition.idea_id)
    voters = select(Condition.id, Vote.person_id).join(Vote, Vote.idea_id == Condition.idea_id)
    needing = select(Condition.id, StillNeeded.person_id).join(
        StillNeeded, StillNeeded.condition_id == Condition.id
    )
    found = union(authors.where(here), voters.where(here), needing.where(here))
    return [(row[0], row[1]) for row in db.session.execute(found)]
