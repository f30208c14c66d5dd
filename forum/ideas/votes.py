"""Support: secret, idempotent, exact under races."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, delete, update
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
from forum.ideas.models import VOTABLE, Follow, Idea, StageKind, Vote
from forum.ideas.stages import TRASHED

CLOSED = lazy("Support can be given only while an idea is open or in review.")
MERGED = lazy("This idea is part of another one now. Support that one.")


VOTES, IDEAS = cast(Table, Vote.__table__), cast(Table, Idea.__table__)


@cache
def _give(dialect: str) -> Any:
    """The insert of a vote, built once: it returns a row only where it made one."""
    insert = pg_insert if dialect == "postgresql" else sqlite_insert
    return insert(VOTES).on_conflict_do_nothing().returning(VOTES.c.idea_id)


TAKE = delete(VOTES).where(
    VOTES.c.idea_id == bindparam("of_idea"), VOTES.c.person_id == bindparam("of_person")
)
COUNT = (
    update(IDEAS)
    .where(
        IDEAS.c.id == bindparam("of_idea"),
        IDEAS.c.stage_kind.in_([str(s) for s in VOTABLE]),
        IDEAS.c.trashed_at.is_(None),
    )
    .values(
        vote_count=IDEAS.c.vote_count + bindparam("step", type_=Integer),
        support=IDEAS.c.support + bindparam("step", type_=Integer),
    )
)


def cast_vote(person: Person, idea: Idea) -> bool:
    """Support an idea; True when this was new. Twice is the same as once."""
    require(policy.may_vote(person, idea))
    values = {
        "idea_id": idea.id,
        "person_id": person.id,
        "department_id": person.department_id,
        "revision": idea.revision,
        "at": now(),
    }
    with transaction() as session:
        plain = session.connection()  # the tables are bare: the session has nothing to add
        made = plain.execute(_give(plain.dialect.name), values).all()
        return _count(idea, len(made), +1)


def take_back_vote(person: Person, idea: Idea) -> bool:
    """Take support back; True when there was any."""
    require(policy.may_vote(person, idea))
    with transaction() as session:
        gone = session.connection().execute(TAKE, {"of_idea": idea.id, "of_person": person.id})
        return _count(idea, gone.rowcount, -1)


def _count(idea: Idea, rows: int, step: int) -> bool:
    """Move the counters by what really changed; refuse when the idea takes no votes any more."""
    if not rows:
        if not policy.takes_votes(idea):
            raise Conflict(_closed(idea))
        return False
    counted = db.session.connection().execute(COUNT, {"of_idea": idea.id, "step": step})
    if not counted.rowcount:
        raise Conflict(_closed(idea))
    record(facts.SUPPORT_CHANGED, by=None, about=("idea", idea.id))
    return True


def _closed(idea: Idea) -> object:
    """Why an idea takes no votes, in words."""
    if idea.trashed_at is not None:
        return TRASHED
    return MERGED if idea.stage_kind == StageKind.MERGED else CLOSED


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


def _insert(model: type[Follow]) -> Any:
    """An insert into the bare table, which both databases let say `on conflict`."""
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    return insert(cast(Table, model.__table__))
