"""Who is concerned by ideas that were merged, and by a No that comes back, read in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import literal, select, union, union_all

from forum.core.db import db
from forum.core.events import Event
from forum.ideas.again import facts as again
from forum.ideas.again.models import Condition, StillNeeded
from forum.ideas.merges import facts as merges
from forum.ideas.merges.models import IdeaAuthor, Merge, MergedPerson, PersonPart
from forum.ideas.models import Follow, Idea, Vote

Pairs = list[tuple[int, int]]
STANDS = Merge.undone_at.is_(None)
OPEN_END = literal(None, Merge.undone_at.type)


class Period(NamedTuple):
    """Somebody who follows or writes an idea, from when and until when, where that is known."""

    idea_id: int
    person_id: int
    since: datetime | None
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it was so at a moment."""
        begun = self.since is None or self.since <= at
        return begun and (self.until is None or at < self.until)


def who_listens(idea_ids: set[int]) -> list[Period]:
    """Followers of ideas: now, until an idea was merged, and while it was. One query."""
    now = select(Follow.idea_id, Follow.person_id, Follow.since, OPEN_END)
    came = MergedPerson.part == PersonPart.FOLLOW
    moved = Merge.id == MergedPerson.merge_id
    before = select(Merge.child_id, MergedPerson.person_id, MergedPerson.at, Merge.at)
    meanwhile = select(Merge.parent_id, MergedPerson.person_id, Merge.at, Merge.undone_at)
    return _periods(
        now.where(Follow.idea_id.in_(idea_ids)),
        before.join(MergedPerson, moved).where(Merge.child_id.in_(idea_ids), came, STANDS),
        meanwhile.join(MergedPerson, moved).where(
            Merge.parent_id.in_(idea_ids), came, MergedPerson.both.is_(False), ~STANDS
        ),
    )


def who_writes(idea_ids: set[int]) -> list[Period]:
    """Co-authors of ideas: now, and while an idea of theirs was merged. One query."""
    now = select(IdeaAuthor.idea_id, IdeaAuthor.person_id, IdeaAuthor.at, OPEN_END)
    undone = Merge.parent_id.in_(idea_ids), ~STANDS
    of_child = select(Merge.parent_id, Idea.author_id, Merge.at, Merge.undone_at)
    beside = select(Merge.parent_id, IdeaAuthor.person_id, Merge.at, Merge.undone_at)
    return _periods(
        now.where(IdeaAuthor.idea_id.in_(idea_ids)),
        of_child.join(Idea, Idea.id == Merge.child_id).where(*undone),
        beside.join(IdeaAuthor, IdeaAuthor.idea_id == Merge.child_id).where(
            *undone, IdeaAuthor.at <= Merge.at
        ),
    )


def _periods(*queries: Any) -> list[Period]:
    return [Period._make(row) for row in db.session.execute(union_all(*queries))]


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
