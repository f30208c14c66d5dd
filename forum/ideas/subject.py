"""An idea as something a thread hangs on."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.i18n import lazy
from forum.departments.queries import answers_for
from forum.discussion.subjects import Subject
from forum.ideas import asking, policy, queries, stages
from forum.ideas.models import Idea, StageKind
from forum.ideas.together.queries import co_authors_of

MERGED = lazy("This idea has just become part of another one. Say it there.")

LOCKED = lazy("Comments on this idea are closed.")


def _commented(idea: Idea, change: int, by: Person) -> None:
    """Count a comment; Conflict for a new one under an idea merged or trashed at that moment."""
    values = {"comment_count": Idea.comment_count + change}
    where = [Idea.id == idea.id]
    if change > 0:
        values["active_at"] = now()  # type: ignore[assignment]
        where += [Idea.trashed_at.is_(None), Idea.stage_kind != StageKind.MERGED]
    changed = db.session.execute(update(Idea).where(*where).values(**values))
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(stages.why_not(idea, MERGED))
    if change < 0:
        asking.without_deleted(idea, by)
    elif policy.writes(by, idea, co_authors_of(by, idea)):
        asking.author_spoke(idea, by)


def _closed(idea: Idea) -> object:
    if idea.trashed_at is not None:
        return stages.TRASHED
    if idea.stage_kind == StageKind.MERGED:
        return MERGED
    return LOCKED if idea.locked_at is not None else None


def _leads(person: Person, idea: Idea) -> bool:
    return policy.leads(person, idea, co_authors_of(person, idea))


def _speaks(person: Person, idea: Idea) -> bool:
    return _leads(person, idea) or policy.carries_out(person, idea, answers_for(person.id))


IDEA_SUBJECT = Subject(
    load_visible=queries.idea_or_404,
    may_comment=policy.may_comment,
    url=lambda idea: f"/ideas/{idea.id}",
    commented=_commented,
    closed=_closed,
    curates=policy.moderates,
    speaks=_speaks,
    leads=_leads,
    takes_sides=True,
)
