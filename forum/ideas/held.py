"""Ideas of newcomers that wait for a moderator: seen by their author and moderators only."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.events import Event, record
from forum.ideas import facts, queries, stages
from forum.ideas.models import Answer, Idea


def hold(author: Person, idea: Idea) -> None:
    """Keep a new idea from everybody else, in the open write; nobody hears of it."""
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(hidden_at=now()))
    db.session.refresh(idea)
    record(facts.HELD, by=author, about=("idea", idea.id))


def was_announced(idea_id: int) -> bool:
    """Whether the log has told that it was posted. One query."""
    told = select(Event.id).where(
        Event.object_kind == "idea", Event.object_id == idea_id, Event.type == facts.POSTED.name
    )
    return db.session.scalar(told.limit(1)) is not None


def called_in(idea: Idea) -> richtext.Mentions:
    """Whom its text calls. One query."""
    found = [richtext.mentions(source) for source in queries.sources_of(idea)]
    return richtext.Mentions(
        frozenset().union(*(each.person_ids for each in found)),
        frozenset().union(*(each.department_ids for each in found)),
    )


def release(idea: Idea, called: richtext.Mentions) -> None:
    """Let everybody see an idea that was held, in the open write: it is posted from now on.

    Conflict for one that has gone to the trash meanwhile.
    """
    at = now()
    released = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.hidden_at.is_not(None), stages.NOT_TRASHED)
        .values(hidden_at=None, posted_at=at, active_at=at, stage_since=at)
    )
    if not released.rowcount:  # type: ignore[attr-defined]
        raise Conflict(stages.TRASHED)
    db.session.execute(update(Answer).where(Answer.idea_id == idea.id).values(asked_at=at))
    author = db.session.get_one(Person, idea.author_id)
    record(
        facts.POSTED,
        by=author,
        about=("idea", idea.id),
        departments=queries.affected_ids(idea.id),
        people=sorted(called.person_ids)[:20],
        mentioned=sorted(called.department_ids)[:20],
    )
