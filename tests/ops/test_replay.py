"""A year of events read into empty readers: the same state as living through it, and no mail."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.core.readers import ReaderCursor
from forum.ideas import support
from forum.ideas.models import VOTABLE, Idea
from forum.notifications import digest
from forum.notifications.actions import mark_read
from forum.notifications.models import DueMail, Notification
from forum.ops.readers_cli import replay as replay_command
from forum.search import follower
from tests.notifications.posting import mailing_forum, run
from tests.ops.year import Year
from tests.support.browser import Browser

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
DAYS = 365 if os.environ.get("FORUM_TEST_FULL") else 30


def look_in(app: Flask) -> None:
    """What the jobs do when they wake."""
    run(app)
    with app.app_context():
        readers.catch_up()
        digest.send_due()
        support.follow_the_clock()
    follower.catch_up(app)


def state(app: Flask) -> dict[str, Any]:
    """What the readers made of the log: inboxes as they are shown, support, search."""
    head, hits = aliased(Notification), found(app)
    with app.app_context():
        news = (
            select(
                Notification.person_id,
                Notification.event_id,
                Notification.kind,
                Notification.object_kind,
                Notification.object_id,
                Notification.comment_id,
                head.event_id,
            )
            .outerjoin(head, head.id == Notification.behind_id)
            .where(Notification.concealed.is_(False))
        )
        # What is settled keeps the figure of its day.
        open_now = case((Idea.stage_kind.in_(VOTABLE), Idea.balanced), else_=0.0)
        ideas = select(Idea.id, Idea.support, Idea.vote_count, open_now).order_by(Idea.id)
        unread = select(Person.id, Person.unread).order_by(Person.id)
        return {
            "news": sorted(map(tuple, db.session.execute(news)), key=lambda row: row[:2]),
            "unread": [tuple(row) for row in db.session.execute(unread)],
            "support": [tuple(row) for row in db.session.execute(ideas)],
            "search": hits,
        }


def found(app: Flask) -> list[str]:
    """What one of the people finds."""
    browser = Browser(app)
    with app.app_context():
        someone = db.session.scalars(select(Person.id).order_by(Person.id)).first()
    assert someone is not None
    browser.enter_as(someone)
    pages = [browser.json(f"/search?q={q}&limit=100") for q in ("invoice", "knows", "rule")]
    assert all("hits" in page for page in pages), pages
    return sorted(f"{hit['kind']}-{hit['id']}" for page in pages for hit in page["hits"])


def mails(app: Flask) -> tuple[int, int]:
    """Mails in the outbox, and news that wait to be mailed."""
    with app.app_context():
        return (
            db.session.scalar(select(func.count(OutboxMail.id))) or 0,
            db.session.scalar(select(func.count(DueMail.id))) or 0,
        )


def empty(app: Flask) -> None:
    """Readers that have read nothing yet."""
    with app.app_context(), transaction():
        for model in (Notification, ReaderCursor):
            db.session.execute(delete(model))
        db.session.execute(update(Person).values(unread=0))
        db.session.execute(update(Idea).values(balanced=0.0))
    shutil.rmtree(Path(app.config["DATA_DIR"]) / "index", ignore_errors=True)


@pytest.mark.parametrize("way", ["empty readers", "the command"])
def test_a_year_read_again_gives_the_same_state_and_sends_nothing(app, way) -> None:
    with time_machine.travel(START, tick=False) as clock, mailing_forum(app) as office:
        year = Year(app, clock)
        year.live(DAYS, lambda: look_in(app))
        if DAYS > 100:
            assert year.left_out() == set()
        clock.shift(timedelta(hours=1))
        look_in(app)
        lived, sent, waiting = state(app), len(office.letters), mails(app)
        assert sent > DAYS
        assert len(lived["news"]) > DAYS
        assert len(lived["search"]) > DAYS // 4

        if way == "the command":
            result = app.test_cli_runner().invoke(replay_command, ["--yes"])
            assert "nothing was sent" in result.output
            assert "notifications" in result.output
        else:
            empty(app)
        look_in(app)

        assert len(office.letters) == sent
        assert mails(app) == waiting
    again = state(app)
    assert again["unread"] == lived["unread"]
    assert again["news"] == lived["news"]
    assert again == lived


def test_what_was_read_stays_read(app) -> None:
    with time_machine.travel(START, tick=False) as clock:
        year = Year(app, clock)
        year.live(10, lambda: look_in(app))
        with app.app_context():
            row = db.session.scalars(
                select(Notification).where(
                    Notification.concealed.is_(False), Notification.behind_id.is_(None)
                )
            ).first()
            person = db.session.get_one(Person, row.person_id)
            mark_read(person, row.id)
        lived = state(app)

        app.test_cli_runner().invoke(replay_command, ["--yes"])

        assert state(app) == lived


def test_without_a_yes_nothing_happens(app) -> None:
    result = app.test_cli_runner().invoke(replay_command, input="n\n")

    assert result.exit_code == 1
