"""Looking into inboxes in tests: the rows themselves, and the count beside them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db
from forum.ideas import votes
from forum.ideas.models import Idea
from forum.notifications import wishes
from forum.notifications.models import Notification
from forum.notifications.reader import READER
from forum.notifications.topics import defaults


def catch_up(app: Flask) -> None:
    """Let the reader of notifications read the log to its end."""
    with app.app_context():
        while readers.advance(READER):
            pass


def news_of(app: Flask, person_id: int) -> list[str]:
    """The kinds of somebody's news, oldest first; the count beside them must agree."""
    with app.app_context():
        query = select(Notification).where(Notification.person_id == person_id)
        rows = db.session.scalars(query.order_by(Notification.id)).all()
        counted = [
            row
            for row in rows
            if row.read_at is None and not row.concealed and row.behind_id is None
        ]
        assert db.session.get_one(Person, person_id).unread == len(counted)
        return [row.kind for row in rows]


def unread(app: Flask, person_id: int) -> int:
    """Somebody's unread count."""
    with app.app_context():
        return db.session.get_one(Person, person_id).unread


def everything(app: Flask) -> list[tuple[Any, ...]]:
    """Every notification there is, but for the ids."""
    with app.app_context():
        query = select(
            Notification.person_id,
            Notification.event_id,
            Notification.kind,
            Notification.object_id,
            Notification.read_at,
        )
        return sorted(map(tuple, db.session.execute(query)), key=lambda row: row[:2])


def follow(app: Flask, idea: int, person: int) -> None:
    with app.app_context():
        votes.follow(db.session.get_one(Person, person), db.session.get_one(Idea, idea))


def called(app: Flask, person: int) -> str:
    return f"Ask @[Somebody](person:{person}) about it."


def hears(app: Flask, person: int) -> frozenset:
    with app.app_context():
        return wishes.cells_of(db.session.get_one(Person, person))


def usual(app: Flask, person: int) -> frozenset:
    with app.app_context():
        return defaults(db.session.get_one(Person, person))
