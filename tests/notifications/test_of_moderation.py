"""News of what moderators did, by mail."""

from __future__ import annotations

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.moderation import desk
from forum.moderation.models import Matter
from forum.notifications.topics import Channel, Topic
from tests.moderation.acts import flag
from tests.notifications.posting import anna, hear, mailing_forum, run, text_of, told
from tests.support import make


def test_a_mail_about_ones_post_is_in_its_readers_language(app: Flask) -> None:
    moderator, person = make.moderator(app), anna(app, locale="ru")

    with mailing_forum(app) as office:
        matter = flag(app, "idea", make.idea(app, person))
        with app.app_context():
            by = db.session.get_one(Person, moderator)
            desk.decide(by, db.session.get_one(Matter, matter), "hidden", why="Вот почему.")
        run(app)
        [letter] = told(office, "anna@example.org")

    assert "Модератор скрыл вашу идею: Вот почему." in text_of(letter)
    assert "A moderator" not in text_of(letter)


def test_a_mail_about_ones_post_tells_of_that_post(app: Flask) -> None:
    moderator, somebody, person = make.moderator(app), make.person(app), anna(app)
    hear(app, somebody, Topic.DECIDED, Channel.MAIL, on=False)

    with mailing_forum(app) as office:
        for author, title in ((somebody, "Fewer meetings"), (person, "Less paper")):
            matter = flag(app, "idea", make.idea(app, author, title=title))
            with app.app_context():
                by = db.session.get_one(Person, moderator)
                desk.decide(by, db.session.get_one(Matter, matter), "hidden", why="So.")
        run(app)

        letters = [text_of(each) for each in told(office, "anna@example.org")]

    assert len(letters) == 1
    assert "A moderator has hidden your idea: So." in letters[0]
    assert "Less paper" in letters[0]
    assert "Fewer meetings" not in letters[0]
