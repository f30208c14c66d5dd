"""What the log of events says happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.core.errors import Forbidden
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


def told_of(app: Flask, act: Callable[[], object]) -> list[tuple[str, int | None, str]]:
    """What the log says of something, once it is done."""
    before = position(app)
    act()
    return since(app, before)


def refuses(app: Flask, attempts: Iterable[Callable[[], object]]) -> None:
    """Fail unless each attempt is forbidden, and leaves nothing in the log."""
    before = position(app)
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    assert since(app, before) == []
