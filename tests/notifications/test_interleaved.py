"""News and what happens to them at the worst moment."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas import votes
from forum.ideas.models import Idea
from forum.notifications import actions, personal, reader, seen
from forum.notifications.models import Notification
from tests.notifications.inboxes import catch_up, news_of, unread
from tests.support import make


def comment_on_followed(app: Flask) -> tuple[int, int]:
    """Somebody with one news, and its id."""
    follower, idea = make.person(app), make.idea(app)
    with app.app_context():
        votes.follow(db.session.get_one(Person, follower), db.session.get_one(Idea, idea))
    make.comment(app, idea)
    catch_up(app)
    with app.app_context():
        query = select(Notification.id).where(Notification.person_id == follower)
        return follower, db.session.scalars(query).one()


def turn(app: Flask, news: int, *, concealed: bool) -> int:
    """What the reader does with news it found unread a moment ago; how many it changed."""
    with app.app_context(), transaction():
        return sum(reader._turn([news], concealed=concealed).values())


def test_news_read_at_that_moment_are_not_taken_from_the_count_twice(app: Flask) -> None:
    follower, news = comment_on_followed(app)
    with app.app_context():
        actions.mark_all_read(db.session.get_one(Person, follower), up_to=now())

    assert turn(app, news, concealed=True) == 0
    assert unread(app, follower) == 0
    news_of(app, follower)


def test_news_concealed_at_that_moment_are_concealed_once(app: Flask) -> None:
    _follower, news = comment_on_followed(app)

    changed = [turn(app, news, concealed=hidden) for hidden in (True, True, False, False)]

    assert changed == [1, 0, 1, 0]


def test_a_draft_is_news_to_nobody_not_even_its_author(app: Flask) -> None:
    author = make.person(app)
    draft, posted = make.idea(app, author, draft=True), make.idea(app, author)

    with app.app_context():
        told = seen.allowed((author, ("idea", idea)) for idea in (draft, posted))

    assert told == {(author, ("idea", posted))}


def test_a_department_is_not_asked_about_what_was_decided_before_the_reader_came(
    app: Flask,
) -> None:
    finance, representative = make.department(app), make.person(app)
    make.represent(app, representative, finance)
    make.decide(app, make.idea(app, departments=[finance]), decision="decline")

    catch_up(app)

    assert "answer-wanted" not in news_of(app, representative)


def test_news_read_longer_ago_than_the_company_keeps_things_are_forgotten(app: Flask) -> None:
    follower, news = comment_on_followed(app)
    with app.app_context(), transaction():
        save_settings({"retention_days": 30})
    with app.app_context():
        actions.mark_all_read(db.session.get_one(Person, follower), up_to=now())
        too_early = personal.sweep()
        with transaction():
            this = update(Notification).where(Notification.id == news)
            db.session.execute(this.values(read_at=make.ago(days=31)))
        in_time = personal.sweep()

    assert (too_early, in_time) == (0, 1)
    assert news_of(app, follower) == []


def test_forgetting_what_was_read_leaves_the_news_of_others(app: Flask) -> None:
    follower, news = comment_on_followed(app)
    other, newer = comment_on_followed(app)
    with app.app_context():
        with transaction():
            save_settings({"retention_days": 30})
        for person in (follower, other):
            actions.mark_all_read(db.session.get_one(Person, person), up_to=now())
        with transaction():
            this = update(Notification).where(Notification.id == news)
            db.session.execute(this.values(read_at=make.ago(days=400)))

        assert personal.sweep() == 1
        assert personal.sweep() == 0
        left = set(db.session.scalars(select(Notification.id)))

    assert news not in left
    assert newer in left


def test_reading_everything_leaves_unread_what_is_concealed(app: Flask) -> None:
    follower, news = comment_on_followed(app)
    turn(app, news, concealed=True)
    with app.app_context():
        actions.mark_all_read(db.session.get_one(Person, follower), up_to=now())

    turn(app, news, concealed=False)

    assert unread(app, follower) == 1
