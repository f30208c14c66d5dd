"""The log keeps the order in which things were recorded, and its chain holds."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from forum.accounts import facts
from forum.core import audit
from forum.core.db import db, transaction
from forum.core.events import Event, record


def test_many_events_of_one_write_keep_their_order_and_the_chain_holds(app: Flask) -> None:
    kinds = (facts.CHANGED, facts.SIGNED_IN, facts.ROLE_CHANGED)

    with app.app_context():
        for start in (0, 300):
            with transaction():
                for number in range(start, start + 300):
                    record(kinds[number % 3], by=None, about=("person", number + 1))
        written = list(db.session.scalars(select(Event.object_id).order_by(Event.id)))
        chain = audit.verify()

    assert written == list(range(1, 601))
    assert chain == (400, None)
