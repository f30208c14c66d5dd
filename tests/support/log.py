"""What the log of events says happened."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.core.events import Event


def position(app: Flask) -> int:
    """The newest event's id."""
    with app.app_context():
        return db.session.scalars(select(Event.id).order_by(Event.id.desc()).limit(1)).first() or 0


def since(app: Flask, before: int) -> list[tuple[str, int | None, str]]:
    """Each event after a position: its type, who did it, and to what."""
    with app.app_context():
        events = db.session.scalars(select(Event).where(Event.id > before).order_by(Event.id))
        return [(e.type, e.actor_id, e.object_kind) for e in events]
