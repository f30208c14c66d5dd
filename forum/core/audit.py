"""The chain of privileged actions: each link's hash covers the event and the link before it.

A changed, removed or inserted privileged event breaks every later link. Events hold ids only, so
erasing a person leaves the chain intact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core.db import Model, db

GENESIS = "0" * 64


class AuditLink(Model):
    """One privileged event's place in the chain."""

    __tablename__ = "audit_link"
    __table_args__: Any = {}

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    digest: Mapped[str]


def link(session: Session, events: Sequence[Any]) -> None:
    """Append events that have their ids to the chain, in order; the caller holds the log."""
    if not events:
        return
    newest = select(AuditLink.digest).order_by(AuditLink.event_id.desc()).limit(1)
    digest = session.scalar(newest) or GENESIS
    for event in events:
        digest = _digest(digest, event)
        session.add(AuditLink(event_id=event.id, digest=digest))
    session.flush()


def _digest(previous: str, event: Any) -> str:
    body = json.dumps(
        [
            previous,
            event.id,
            event.type,
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.actor_id,
            event.object_kind,
            event.object_id,
            event.payload,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def verify() -> tuple[int, int | None]:
    """Walk the chain: (links that hold, id of the first event that does not or None)."""
    from forum.core.events import TYPES, Event

    privileged = [name for name, kind in TYPES.items() if kind.privileged]
    query = (
        select(Event, AuditLink.digest)
        .outerjoin(AuditLink, AuditLink.event_id == Event.id)
        .where(Event.type.in_(privileged) | AuditLink.digest.is_not(None))
        .order_by(Event.id)
    )
    previous, good = GENESIS, 0
    with db.session.execute(query.execution_options(yield_per=500)) as rows:
        for event, digest in rows:
            if digest != _digest(previous, event):
                return good, event.id
            previous, good = digest, good + 1
    return good, None
