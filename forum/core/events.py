"""The event log: what happened, written with the change itself.

Payloads hold ids, digests and small words, never text, names or addresses, so that a person can be
erased and the log still tells what happened. Event ids are commit order on both databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy import Index, Table, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core import audit
from forum.core.clock import now
from forum.core.db import PENDING, WRITING, Id, JsonDict, Model, before_commit, db

LOG_LOCK = 7_040_001
"""Key of the PostgreSQL advisory lock that makes ids follow commits."""
SMALL_WORD = re.compile(r"[\w:.+-]{0,128}\Z", re.ASCII)


class Event(Model):
    """One thing that happened."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_object", "object_kind", "object_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    type: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    object_kind: Mapped[str]
    object_id: Mapped[int]
    payload: Mapped[JsonDict]


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event, declared once in its feature's `facts.py`.

    `late` ones became privileged after a release that did not chain them.
    """

    name: str
    sentence: str
    privileged: bool = False
    late: bool = False


class HasId(Protocol):
    """Anything with a database id, such as a person."""

    id: Any


TYPES: dict[str, EventType] = {}


def event_type(
    name: str, sentence: str, *, privileged: bool = False, late: bool = False
) -> EventType:
    """Declare an event type; privileged ones enter the audit chain."""
    if name in TYPES:
        raise ValueError(f"event type {name} declared twice")
    TYPES[name] = EventType(name, sentence, privileged, late)
    return TYPES[name]


def record(
    kind: EventType,
    *,
    by: HasId | None,
    about: tuple[str, int],
    at: datetime | None = None,
    **payload: Any,
) -> None:
    """Note what happened; it is inserted last, just before the commit of the open write."""
    session = db.session()
    if not session.info.get(WRITING):
        raise RuntimeError("event recorded outside transaction()")
    _check(payload.values())
    happened = Event(
        type=kind.name,
        at=at or now(),
        actor_id=by.id if by is not None else None,
        object_kind=about[0],
        object_id=about[1],
        payload=payload,
    )
    session.info.setdefault(PENDING, []).append(happened)


def _check(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, list | tuple):
            _check(value)
        elif isinstance(value, str):
            if not SMALL_WORD.match(value):
                raise ValueError("event payloads hold ids and digests, not text")
        elif not isinstance(value, int | float | None):
            raise ValueError(f"event payloads do not hold {type(value).__name__}")


EVENTS = cast(Table, Event.__table__)
INSERT = insert(EVENTS).returning(EVENTS.c.id)
WRITTEN = ("type", "at", "actor_id", "object_kind", "object_id", "payload")


@before_commit
def append_events(session: Session) -> None:
    """Insert what was recorded, holding the log so that ids are commit order."""
    pending: list[Event] = session.info.pop(PENDING, [])
    if not pending:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOG_LOCK})
    if len(pending) == 1:
        _append_one(session, pending[0])
        return
    session.add_all(pending)
    session.flush()  # in their order, so that ids follow it
    audit.link(session, [each for each in pending if TYPES[each.type].privileged])


def _append_one(session: Session, happened: Event) -> None:
    """The usual case, without the unit of work around it."""
    values = {name: getattr(happened, name) for name in WRITTEN}
    happened.id = session.connection().execute(INSERT, values).scalar_one()
    if TYPES[happened.type].privileged:
        audit.link(session, [happened])


def last_id() -> int:
    """The newest event's id, 0 in an empty log. One query."""
    return db.session.scalar(select(func.max(Event.id))) or 0


def after(position: int, *, limit: int) -> list[Event]:
    """The next events behind a reader's position, oldest first. One query."""
    query = select(Event).where(Event.id > position).order_by(Event.id).limit(limit)
    return list(db.session.scalars(query))
