"""A person's part in merges and in conditions of a No."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select

from forum.core.db import db
from forum.core.personal import Rows, rows, with_sources
from forum.ideas.again.models import Condition, StillNeeded
from forum.ideas.merges.models import Merge, MergedPerson


def about(person_id: int) -> dict[str, Rows]:
    """By table; what moved with a merge and what is still needed are told to nobody else. Five
    queries."""
    mine = or_(Merge.by_id == person_id, Merge.undone_by_id == person_id)
    return {
        "merges": with_sources(rows(Merge, mine), "message_id"),
        "moved": rows(MergedPerson, MergedPerson.person_id == person_id),
        "needs": rows(StillNeeded, StillNeeded.person_id == person_id),
        "returned": rows(Condition, Condition.answered_by_id == person_id),
    }


def shows(text_ids: Sequence[int]) -> Iterable[int]:
    """The ideas on which words about a merge stand. One query."""
    query = select(Merge.parent_id, Merge.child_id).where(Merge.message_id.in_(text_ids))
    return {number for row in db.session.execute(query) for number in row}
