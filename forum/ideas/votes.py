"""Support: secret, idempotent, exact under races."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.ideas import facts, policy
from forum.ideas.models import VOTABLE, Follow, Idea, Vote

CLOSED = lazy("Support can be given only while an idea is open or in review.")


def cast_vote(person: Person, idea: Idea) -> bool:
    """Support an idea; True when this was new. Twice is the same as once."""
    require(policy.may_vote(person, idea))
    with transaction():
        inserted = db.session.execute(
            _insert(Vote)
            .values(
                idea_id=idea.id,
                person_id=person.id,
                department_id=person.department_id,
                revision=idea.revision,
                at=now(),
            )
            .on_conflict_do_nothing()
            .returning(Vote.idea_id)
        )
        return _count(idea, len(inserted.all()), +1)


def take_back_vote(person: Person, idea: Idea) -> bool:
    """Take support back; True when there was any."""
    require(policy.may_vote(person, idea))
    with transaction():
        gone = db.session.execute(
            delete(Vote).where(Vote.idea_id == idea.id, Vote.person_id == person.id)
        )
        return _count(idea, gone.rowcount, -1)  # type: ignore[attr-defined]


def _count(idea: Idea, rows: int, step: int) -> bool:
    """Move the counters by what really changed; refuse when the idea takes no votes any more."""
    if not rows:
        if not policy.takes_votes(idea):
            raise Conflict(CLOSED)
        return False
    counted = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.stage_kind.in_(VOTABLE))
        .values(vote_count=Idea.vote_count + step, support=Idea.support + step)
    )
    if not counted.rowcount:  # type: ignore[attr-defined]
        raise Conflict(CLOSED)
    record(facts.SUPPORT_CHANGED, by=None, about=("idea", idea.id))
    return True


def follow(person: Person, idea: Idea) -> None:
    """Hear what happens to an idea."""
    with transaction():
        db.session.execute(
            _insert(Follow).values(idea_id=idea.id, person_id=person.id).on_conflict_do_nothing()
        )


def unfollow(person: Person, idea: Idea) -> None:
    """Hear no more of an idea, except what asks for an answer."""
    with transaction():
        db.session.execute(
            delete(Follow).where(Follow.idea_id == idea.id, Follow.person_id == person.id)
        )


def _insert(model: type[Vote] | type[Follow]) -> Any:
    """An insert into the bare table, which both databases let say `on conflict`."""
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    return insert(model.__table__)  # type: ignore[arg-type]
