"""How far the index is, for supervisors and the command line."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.search import indexer, shelf
from forum.search.follower import shelf_of

TOLERATED = 5.0
"""Seconds of lag that are nothing to speak of."""


class Status(NamedTuple):
    """Where the index stands in the log; position None while there is no index to use."""

    position: int | None
    newest: int
    lag: float

    def line(self) -> str:
        """As `forum search status` prints it."""
        return f"position {self.position or 0} of {self.newest}, lag {self.lag:.1f} s"


def status() -> Status:
    """Where the index stands; the lag is the age of the oldest event it lacks. Two queries."""
    newest, epoch = indexer.newest_event()
    build = shelf_of(current_app).current()
    at = shelf.position(build) if build is not None else None
    usable = at is not None and at.epoch == epoch and at.event <= newest
    position = at.event if at is not None and usable else None
    if position == newest:
        return Status(position, newest, 0.0)
    return Status(position, newest, _age_after(position or 0))


def _age_after(position: int) -> float:
    query = select(Event.at).where(Event.id > position).order_by(Event.id).limit(1)
    oldest = db.session.scalar(query)
    return max((now() - oldest).total_seconds(), 0.0) if oldest is not None else 0.0


def health() -> str:
    """`ok`, `behind by N s`, or `rebuilding`, for /health/ready."""
    try:
        found = status()
    except SQLAlchemyError:
        return "unknown"
    if found.position is None:
        return "rebuilding"
    return "ok" if found.lag <= TOLERATED else f"behind by {found.lag:.0f} s"
