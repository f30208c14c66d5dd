"""The chain of privileged actions: each link's hash covers the event and the link before it.

A changed, removed or inserted privileged event breaks every later link. Events hold ids only, so
erasing a person leaves the chain intact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import has_request_context, request
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core.clock import now
from forum.core.db import Model, db, transaction

GENESIS = "0" * 64


class AuditLink(Model):
    """One privileged event's place in the chain."""

    __tablename__ = "audit_link"
    __table_args__: Any = {}

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    digest: Mapped[str]


class EventAddress(Model):
    """Where a privileged action came from; beside the log, since it is kept for a month only."""

    __tablename__ = "event_address"
    __table_args__: Any = {}

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


KEEP_ADDRESSES = timedelta(days=30)
BATCH = 200
"""Addresses forgotten in one write."""


def forget_addresses() -> int:
    """Forget where actions of more than thirty days ago came from; how many."""
    old = select(EventAddress.event_id).where(EventAddress.at < now() - KEEP_ADDRESSES)
    total = 0
    while ids := list(db.session.scalars(old.limit(BATCH))):
        with transaction():
            db.session.execute(delete(EventAddress).where(EventAddress.event_id.in_(ids)))
        total += len(ids)
    return total


def link(session: Session, events: Sequence[Any]) -> None:
    """Append events that have their ids to the chain, in order; the caller holds the log."""
    if not events:
        return
    newest = select(AuditLink.digest).order_by(AuditLink.event_id.desc()).limit(1)
    digest = session.scalar(newest) or GENESIS
    address = request.remote_addr if has_request_context() else None
    for event in events:
        if address:
            session.add(EventAddress(event_id=event.id, address=address, at=event.at))
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
    """Walk the chain: (links that hold, id of the first event that does not or None).

    Types that an earlier release did not chain are free of links before their first one.
    """
    from forum.core.events import TYPES, Event

    late = {name for name, kind in TYPES.items() if kind.late}
    privileged = [name for name, kind in TYPES.items() if kind.privileged]
    query: Any = (
        select(Event, AuditLink.digest)
        .outerjoin(AuditLink, AuditLink.event_id == Event.id)
        .where(Event.type.in_(privileged) | AuditLink.digest.is_not(None))
        .order_by(Event.id)
    )
    previous, good = GENESIS, 0
    with db.session.execute(query.execution_options(yield_per=500)) as rows:
        for event, digest in rows:
            if digest is None and event.type in late:
                continue
            late.discard(event.type)
            if digest != _digest(previous, event):
                return good, event.id
            previous, good = digest, good + 1
    return good, None
