"""Saved searches in tests: keeping one, letting a minute pass, looking at what was told."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.notifications import queries as inbox
from forum.search.follower import catch_up
from forum.search.saved import actions, alerts, delivery
from forum.search.saved.models import Alert, SavedSearch, ToldThing


def keep(
    app: Flask, person_id: int, text: str = "invoice", *, alert: Alert = Alert.AT_ONCE, **more: str
) -> int:
    """Somebody saves a search, over an index that knows everything there is."""
    catch_up(app)
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        address = urlencode({"q": text, **more})
        return actions.save(person, address, name=f"About {text}", alert=alert).id


def minute(app: Flask) -> None:
    """What the sweep of each minute does."""
    with app.app_context():
        alerts.follow()
        delivery.tell_due()


def news_of(app: Flask, person_id: int) -> list[tuple[str, str]]:
    """The news of saved searches in somebody's inbox, oldest first; the count must agree."""
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        rows = inbox.inbox(person).rows
        assert person.unread == len([row for row in rows if row.read_at is None])
        return [(row.called.title, row.called.sentence) for row in rows if row.called][::-1]


def told(app: Flask, saved_id: int) -> list[tuple[str, int]]:
    """What a search has told or is about to tell."""
    with app.app_context():
        query = select(ToldThing.kind, ToldThing.thing_id).where(
            ToldThing.saved_search_id == saved_id
        )
        return sorted(map(tuple, db.session.execute(query)))


def as_owner(app: Flask, saved_id: int, act: Any, **values: Any) -> Any:
    """Let the owner do something to their saved search."""
    with app.app_context():
        saved = db.session.get_one(SavedSearch, saved_id)
        return act(db.session.get_one(Person, saved.person_id), saved, **values)
