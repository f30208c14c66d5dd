"""News of a module that is switched off and on again while the jobs go from process to process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from forum.core.db import db, transaction
from forum.core.jobs import wakes
from forum.notifications.models import Notification
from forum.ops.worker import Leader
from tests.notifications.inboxes import unread
from tests.support import make, postgres
from tests.support.server import close, fresh, opened
from tests.thanks import saying


@pytest.fixture
def two(tmp_path, database: str) -> Iterator[tuple[Flask, Flask]]:
    """Two processes' applications on one forum."""
    url = None if database == "sqlite" else postgres.new_database()
    first = fresh(tmp_path, url)
    with opened(tmp_path, url) as second:
        yield first, second
    close(first)


def look(app: Flask) -> None:
    """Every duty of the jobs once."""
    with app.app_context():
        jobs = wakes()
    jobs.sweep()


def lead(app: Flask) -> None:
    """Lead for a moment."""
    leader = Leader(app)
    leader.tick()
    try:
        look(app)
    finally:
        leader.retire()


def thanked(app: Flask) -> int:
    """Somebody who has news of thanks."""
    saying.switch(app, "thanks")
    person = make.person(app)
    saying.thank(app, make.person(app), people=[person], why="You helped.")
    saying.tell(app)
    return person


def test_it_is_there_again_whichever_process_looks(two: tuple[Flask, Flask]) -> None:
    first, second = two
    person = thanked(first)
    lead(first)

    saying.switch(first)
    lead(second)
    while_off = unread(first, person)
    saying.switch(first, "thanks")
    lead(first)

    assert while_off == 0
    assert unread(first, person) == 1


def test_what_was_committed_late_is_seen_at_the_next_look(app: Flask) -> None:
    person = thanked(app)
    thanked(app)
    saying.switch(app)
    look(app)
    with app.app_context(), transaction():
        late = update(Notification).where(Notification.person_id == person)
        db.session.execute(late.values(concealed=False))

    look(app)

    with app.app_context():
        query = select(func.count(Notification.id)).where(Notification.concealed.is_(False))
        assert db.session.scalar(query) == 0
