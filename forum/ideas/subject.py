"""An idea as something a thread hangs on."""

from __future__ import annotations

from sqlalchemy import update

from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.i18n import lazy
from forum.discussion.subjects import Subject
from forum.ideas import policy, queries
from forum.ideas.models import Idea, StageKind

MERGED = lazy("This idea has just become part of another one. Say it there.")


def _commented(idea: Idea, change: int) -> None:
    """Count a comment; Conflict for a new one under an idea that was merged at that moment."""
    values = {"comment_count": Idea.comment_count + change}
    where = [Idea.id == idea.id]
    if change > 0:
        values["active_at"] = now()  # type: ignore[assignment]
        where.append(Idea.stage_kind != StageKind.MERGED)
    counted = db.session.execute(update(Idea).where(*where).values(**values))
    if not counted.rowcount:  # type: ignore[attr-defined]
        raise Conflict(MERGED)


IDEA_SUBJECT = Subject(
    load_visible=queries.idea_or_404,
    may_comment=policy.may_comment,
    url=lambda idea: f"/ideas/{idea.id}",
    commented=_commented,
)
