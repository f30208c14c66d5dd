"""Trusting newcomers and suspending people, one or many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.accounts.trust import Suspension, Trust
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.moderation import desk, facts, policy
from forum.moderation.models import FIRST_POST, OPEN, Matter, Outcome

MOST = 50
"""Posts at once."""
DAYS = (1, 7, 30)
"""How long somebody can be suspended."""
WHY = lazy("Say why; they will read it.")
HOW_LONG = lazy("Choose for how long.")
NOTHING = lazy("Choose at least one post.")


def trust(moderator: Person, person_id: int) -> None:
    """What this newcomer posts need not wait any more; twice is the same as once."""
    require(moderator.moderates)
    with transaction():
        insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        table = cast(Table, Trust.__table__)
        new = db.session.execute(
            insert(table)
            .values(person_id=person_id, by_id=moderator.id, at=now())
            .on_conflict_do_nothing()
            .returning(table.c.person_id)
        ).first()
        if new is not None:
            record(facts.TRUSTED, by=moderator, about=("person", person_id), trusted=True)


def distrust(moderator: Person, person_id: int) -> None:
    """Undo: what they post waits again."""
    require(moderator.moderates)
    with transaction():
        gone = db.session.execute(delete(Trust).where(Trust.person_id == person_id))
        if gone.rowcount:  # type: ignore[attr-defined]
            record(facts.TRUSTED, by=moderator, about=("person", person_id), trusted=False)


def suspend(moderator: Person, person: Person, *, days: int, why: str) -> None:
    """Let somebody read but not write for some days; they are told why. It ends by the clock."""
    require(policy.may_suspend(moderator, person))
    if days not in DAYS:
        raise Invalid(HOW_LONG, field="days")
    if not why.strip():
        raise Invalid(WHY, field="why")
    composed = richtext.compose(why, "text")
    until = now() + timedelta(days=days)
    with transaction():
        said = texts.store(composed)
        row = Suspension(person_id=person.id, by_id=moderator.id, until=until, why_id=said.id)
        db.session.add(row)
        db.session.flush()
        about = ("suspension", row.id)
        record(facts.SUSPENDED, by=moderator, about=about, days=days, told=person.id)


def readmit(moderator: Person, person: Person) -> None:
    """Lift every suspension of somebody that still runs."""
    require(policy.may_suspend(moderator, person))
    with transaction():
        lifted = db.session.execute(
            update(Suspension)
            .where(
                Suspension.person_id == person.id,
                Suspension.ended_at.is_(None),
                Suspension.until > now(),
            )
            .values(ended_at=now())
        )
        if lifted.rowcount:  # type: ignore[attr-defined]
            record(facts.READMITTED, by=moderator, about=("person", person.id))


def chosen(ids: Sequence[int], moderator: Person) -> list[Matter]:
    """The first posts among these that wait. One query."""
    query = select(Matter).where(
        Matter.id.in_(list(ids)[:MOST]),
        Matter.kind == FIRST_POST,
        Matter.state.in_(OPEN),
        Matter.author_id != moderator.id,
    )
    return list(db.session.scalars(query.order_by(Matter.id)))


def approve_and_trust(moderator: Person, ids: Sequence[int]) -> int:
    """Let posts be seen and trust their authors; how many. What others took meanwhile is passed."""
    done = [m for m in _some(ids, moderator) if _decided(moderator, m, Outcome.APPROVED, "")]
    for author_id in sorted({matter.author_id for matter in done}):
        trust(moderator, author_id)
    return len(done)


def decline_and_suspend(moderator: Person, ids: Sequence[int], *, days: int, why: str) -> int:
    """Delete posts and suspend their authors, who are told why; how many posts that was."""
    if days not in DAYS:
        raise Invalid(HOW_LONG, field="days")
    if not why.strip():
        raise Invalid(WHY, field="why")
    done = [m for m in _some(ids, moderator) if _decided(moderator, m, Outcome.DELETED, why)]
    for author_id in sorted({matter.author_id for matter in done}):
        author = db.session.get_one(Person, author_id)
        if policy.may_suspend(moderator, author):
            suspend(moderator, author, days=days, why=why)
    return len(done)


def take_back(moderator: Person, ids: Sequence[int]) -> int:
    """Undo what one has just done to several posts, and the trust or suspension that came with it;
    how many posts wait again. Those that others have acted on since stay as they are."""
    require(moderator.moderates)
    query = select(Matter).where(
        Matter.id.in_(list(ids)[:MOST]),
        Matter.kind == FIRST_POST,
        Matter.decided_by_id == moderator.id,
    )
    done = 0
    for matter in db.session.scalars(query.order_by(Matter.id)).all():
        since = matter.decided_at
        if since is not None and _taken_back(moderator, matter):
            done += 1
            _as_before(moderator, matter.author_id, since)
    return done


def _taken_back(moderator: Person, matter: Matter) -> bool:
    try:
        desk.take_back(moderator, matter)
    except Conflict:
        return False
    return True


def _as_before(moderator: Person, author_id: int, since: datetime) -> None:
    """Neither trusted nor suspended by what this moderator did from that moment on."""
    with transaction():
        given = Trust.person_id == author_id, Trust.by_id == moderator.id, Trust.at >= since
        if db.session.execute(delete(Trust).where(*given)).rowcount:  # type: ignore[attr-defined]
            record(facts.TRUSTED, by=moderator, about=("person", author_id), trusted=False)
        theirs = Suspension.person_id == author_id, Suspension.by_id == moderator.id
        lifted = update(Suspension).where(
            *theirs, Suspension.at >= since, Suspension.ended_at.is_(None)
        )
        if db.session.execute(lifted.values(ended_at=now())).rowcount:  # type: ignore[attr-defined]
            record(facts.READMITTED, by=moderator, about=("person", author_id))


def _some(ids: Sequence[int], moderator: Person) -> list[Matter]:
    require(moderator.moderates)
    matters = chosen(ids, moderator)
    if not matters:
        raise Invalid(NOTHING)
    return matters


def _decided(moderator: Person, matter: Matter, outcome: str, why: str) -> bool:
    """One write each, so that the running forum is never starved."""
    try:
        desk.decide(moderator, matter, outcome, why=why)
    except Conflict:
        return False
    return True
