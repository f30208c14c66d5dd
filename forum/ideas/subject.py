"""An idea as something a thread hangs on."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.discussion.subjects import Subject
from forum.ideas import asking, policy, queries
from forum.ideas.models import Idea


def _commented(idea: Idea, change: int, by: Person) -> None:
    values = {"comment_count": Idea.comment_count + change}
    if change > 0:
        values["active_at"] = now()  # type: ignore[assignment]
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(**values))
    if change < 0:
        asking.without_deleted(idea, by)
    elif by.id == idea.author_id:
        asking.author_spoke(idea, by)


IDEA_SUBJECT = Subject(
    load_visible=queries.idea_or_404,
    may_comment=policy.may_comment,
    url=lambda idea: f"/ideas/{idea.id}",
    commented=_commented,
)
