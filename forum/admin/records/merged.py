"""Merges without a voter's name: what came with a child is told as numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from forum.core.db import db
from forum.ideas.merges.models import Merge, MergedPerson, PersonPart
from forum.ideas.models import Vote

Row = dict[str, Any]
Mine = dict[int, dict[int, bool]]
"""By merge, who supported the child, and whether the parent too."""


def as_numbers(rows: list[Row]) -> list[Row]:
    """Support that would go back to the child is counted as imported. Two queries a batch, and one
    for each idea that was itself merged on."""
    there = _untouched([row["id"] for row in rows if row["undone_at"] is None])
    for row in rows:
        both = list(there.get(row["id"], {}).values())
        row["imported"] += both.count(False)
        row["imported_both"] += both.count(True)
    return rows


def _untouched(merge_ids: Iterable[int]) -> Mine:
    """Those whose support of the parent is the one that the merge left there."""
    ids = list(merge_ids)
    vote, on = Vote, aliased(Merge)
    theirs = (
        select(MergedPerson.merge_id, MergedPerson.person_id, MergedPerson.both)
        .join(Merge, Merge.id == MergedPerson.merge_id)
        .where(Merge.id.in_(ids), MergedPerson.part == PersonPart.VOTE)
    )
    here = and_(
        vote.idea_id == Merge.parent_id,
        vote.person_id == MergedPerson.person_id,
        vote.at == MergedPerson.here_at,
    )
    found: Mine = defaultdict(dict)
    for merge_id, person_id, both in db.session.execute(theirs.join(vote, here)):
        found[merge_id][person_id] = both
    moved_on = select(Merge.id, on.id).join(on, on.child_id == Merge.parent_id)
    query = moved_on.where(Merge.id.in_(ids), on.undone_at.is_(None))
    for merge_id, next_id in db.session.execute(query).all():
        found[merge_id] = _carried(merge_id, next_id)
    return found


def _carried(merge_id: int, next_id: int) -> dict[int, bool]:
    """The same where the parent was merged on: of those whose support went on with it."""
    later = aliased(MergedPerson)
    query = (
        select(MergedPerson.person_id, MergedPerson.both)
        .join(later, later.person_id == MergedPerson.person_id)
        .where(
            MergedPerson.merge_id == merge_id,
            MergedPerson.part == PersonPart.VOTE,
            later.merge_id == next_id,
            later.part == PersonPart.VOTE,
            later.at == MergedPerson.here_at,
        )
    )
    still = _untouched([next_id])[next_id]
    return {row[0]: row[1] for row in db.session.execute(query) if row[0] in still}
