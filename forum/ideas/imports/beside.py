"""What imports bring of conditions of a No, and how they meet merges made here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select

from forum.core.db import db
from forum.ideas.again.models import Condition
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.merges.models import Merge
from forum.ideas.models import Decision

Pair = tuple[ComposedIdea, dict[str, Any]]


def watch(pairs: Sequence[Pair]) -> None:
    """The conditions of decisions that have just been written; in the open write."""
    told = {
        row["id"]: c.idea.decision.again
        for c, row in pairs
        if c.idea.decision is not None and c.idea.decision.again is not None
    }
    if not told:
        return
    query = select(Decision.id, Decision.idea_id).where(
        Decision.idea_id.in_(told), Decision.decision == "decline"
    )
    rows = [
        {"decision_id": row.id, "idea_id": row.idea_id, **told[row.idea_id]}
        for row in db.session.execute(query)
    ]
    if rows:
        db.session.execute(insert(Condition.__table__), rows)  # type: ignore[arg-type]


def merged_here(idea_id: int) -> bool:
    """Whether an idea is part of another one by a moderator's word: what it had is there now."""
    query = select(Merge.id).where(Merge.child_id == idea_id, Merge.undone_at.is_(None))
    return db.session.scalar(query) is not None


def imported_with_others(idea_id: int) -> int:
    """Imported support that came to an idea with those that were merged into it."""
    query = select(func.coalesce(func.sum(Merge.imported), 0)).where(
        Merge.parent_id == idea_id, Merge.undone_at.is_(None)
    )
    return int(db.session.scalar(query) or 0)
