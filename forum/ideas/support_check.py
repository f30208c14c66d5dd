"""Recomputing balanced support from votes and members, to show that what is kept is right."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from forum.core import readers
from forum.core.db import db, end_read, transaction
from forum.ideas import support
from forum.ideas.models import VOTABLE, Idea

CLOSE_ENOUGH = 1e-9


def catch_up() -> None:
    """Read what the log still holds, so that only real differences are left."""
    while readers.advance(support.SUPPORT):
        pass
    support.follow_the_clock()
    while support.refresh():
        pass


def differing() -> Iterator[dict[int, float]]:
    """Open ideas whose kept figure is wrong, with the right one; batch by batch."""
    people = support.count_active()
    last = 0
    while rows := _batch(last):
        last = rows[-1][0]
        right = support.measure([row[0] for row in rows], people)
        wrong = {i: right[i] for i, kept in rows if abs(kept - right[i]) > CLOSE_ENOUGH}
        end_read()
        if wrong:
            yield wrong


def _batch(after: int) -> list[tuple[int, float]]:
    query = (
        select(Idea.id, Idea.balanced)
        .where(Idea.id > after, Idea.stage_kind.in_(VOTABLE))
        .order_by(Idea.id)
        .limit(support.BATCH)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def fix(wrong: dict[int, float]) -> None:
    """Write the right figures."""
    with transaction():
        support.store(wrong)
