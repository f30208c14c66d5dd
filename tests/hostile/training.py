"""A case in each state that its routes ask for, and a session that has begun with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.training.cases import actions as cases
from forum.training.models import AgendaItem
from forum.training.sessions import actions as sessions


def filled(app: Flask, moderator: int, places: Sequence[int]) -> dict[str, int]:
    """Ids by the names that routes give them."""
    with app.app_context():
        person = db.session.get_one(Person, moderator)
        words = {name: "Late." for name in cases.WORDS}
        wanted = cases.Wanted(title="Paper", month=None, departments=places, **words)
        case, shared = cases.draft(person, wanted), cases.draft(person, wanted)
        at = now() + timedelta(days=9)
        session = sessions.plan(
            person,
            sessions.Wanted(
                title="Paper",
                on=at.date(),
                at=at.time(),
                minutes=60,
                place="Room 1",
                capacity=3,
                host_id=moderator,
                departments=places,
            ),
        )
        with transaction():
            cases.open_to_all(shared)
        [item] = db.session.query(AgendaItem).all()
        return {"case_id": case.id, "training_id": session.id, "item_id": item.id}
