"""Talks as long as a test wants them, under an idea or a standard."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from flask import Flask

from forum.core import richtext, texts
from forum.core.db import db, transaction
from forum.discussion.models import Comment
from forum.ideas.models import Idea
from tests.standards import standards
from tests.support import make

BEGUN = timedelta(days=3)


class Talk(NamedTuple):
    """A thread, the page it stands on, and its comments in order."""

    thread_id: int
    url: str
    ids: list[int]


def talk(app: Flask, url: str, thread_id: int, count: int) -> Talk:
    """So many comments of one person, a minute apart, beginning three days ago."""
    author = make.person(app)
    words = richtext.compose("So it is.")
    with app.app_context(), transaction():
        text_id = texts.store(words).id
        begun = make.ago() - BEGUN
        said = [
            Comment(
                thread_id=thread_id,
                author_id=author,
                text_id=text_id,
                created_at=begun + timedelta(minutes=number),
            )
            for number in range(count)
        ]
        db.session.add_all(said)
        db.session.flush()
        ids = [each.id for each in said]
    return Talk(thread_id, url, ids)


def about_an_idea(app: Flask, count: int) -> Talk:
    """A talk under an idea."""
    idea_id = make.idea(app)
    with app.app_context():
        thread_id = db.session.get_one(Idea, idea_id).thread_id
    return talk(app, f"/ideas/{idea_id}", thread_id, count)


def about_a_standard(app: Flask, count: int) -> Talk:
    """A talk under a standard."""
    number = standards.in_force(app)
    with app.app_context():
        thread_id = standards.by_number(number).thread_id
    return talk(app, f"/standards/{number}", thread_id, count)
