"""An idea as something a thread hangs on."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.departments.queries import answers_for
from forum.discussion.subjects import Subject
from forum.ideas import policy, queries
from forum.ideas.models import Idea
from forum.ideas.together.queries import co_authors_of


def _commented(idea: Idea, change: int) -> None:
    values = {"comment_count": Idea.comment_count + change}
    if change > 0:
        values["active_at"] = now()  # type: ignore[assignment]
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(**values))


def _leads(person: Person, idea: Idea) -> bool:
    return policy.leads(person, idea, co_authors_of(person, idea))


def _speaks(person: Person, idea: Idea) -> bool:
    return _leads(person, idea) or policy.carries_out(person, idea, answers_for(person.id))


IDEA_SUBJECT = Subject(
    load_visible=queries.idea_or_404,
    may_comment=policy.may_comment,
    url=lambda idea: f"/ideas/{idea.id}",
    commented=_commented,
    speaks=_speaks,
    leads=_leads,
    takes_sides=True,
)
