"""The demo company, made in a test, and ways to look into it."""

from __future__ import annotations

from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.demo import load as loader
from forum.ideas.models import Idea
from tests.demo.company import BY_ID

MADE = now()


def count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def the_idea(name: str) -> Idea:
    title = BY_ID[name]["title"]
    return db.session.scalars(select(Idea).where(Idea.title == title)).one()


def make_company(app: Flask) -> Any:
    """Made at one moment, and told as far as a visitor could tell two of them apart."""
    with time_machine.travel(MADE, tick=False), app.app_context():
        assert loader.load()
        assert count(Event, Event.at > now()) == 0
        query = select(Idea.title, Idea.posted_at, Idea.support, Idea.comment_count)
        rows = db.session.execute(query.order_by(Idea.posted_at, Idea.title)).all()
        db.session.remove()
        return rows
