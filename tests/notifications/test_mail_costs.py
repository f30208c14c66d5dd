"""What mails cost: a batch the same, however many people and pieces of news are in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.core import mail
from forum.notifications import mailing
from forum.notifications.topics import Channel, Topic
from tests.notifications.inboxes import catch_up, follow
from tests.notifications.posting import hear, mailing_forum, set_up
from tests.support import make
from tests.support.queries import listening

HALF_AN_HOUR = timedelta(minutes=30)
pytestmark = pytest.mark.usefixtures("clock")


def test_the_cost_of_a_mail_does_not_grow_with_what_it_tells(app, clock) -> None:
    def cost(comments: int) -> int:
        idea = make.idea(app, make.person(app))
        for _ in range(comments):
            make.comment(app, idea)
        catch_up(app)
        clock.shift(HALF_AN_HOUR)
        with listening(app) as seen, app.app_context():
            assert mailing.send_due() == 1
        return len(seen)

    set_up(app, mail_url="smtp://127.0.0.1:9")
    cost(1)
    assert cost(2) == cost(9)


def crowd(app: Flask, size: int) -> None:
    """So many people of every kind, who all hear of a decision and of a comment on an idea."""
    idea, other = make.idea(app), make.idea(app)
    kinds = ({}, {"kind": "board"}, {"role": "moderator"}, {"locale": "ru"}, {})
    for number in range(size):
        person = make.person(app, **kinds[number % len(kinds)])
        for topic in (Topic.DECIDED, Topic.FOLLOWED):
            hear(app, person, topic, Channel.MAIL, on=True)
        follow(app, idea, person)
        follow(app, other, person)
    make.comment(app, other, body="It takes three days.")
    make.decide(app, idea, "decline")


def test_the_cost_of_a_batch_does_not_grow_with_the_people_in_it(app, clock) -> None:
    def cost(size: int) -> tuple[int, int, int]:
        crowd(app, size)
        with listening(app) as noticed:
            catch_up(app)
        clock.shift(HALF_AN_HOUR)
        with listening(app) as seen, app.app_context():
            sent = mailing.send_due()
        return len(noticed), len(seen), sent

    set_up(app, mail_url="smtp://127.0.0.1:9")
    cost(5)
    noticed, seen, sent = cost(10)
    assert cost(40)[:2] == (noticed, seen)
    assert sent >= 20
    assert seen <= 22


def test_a_mail_that_leaves_costs_three_queries_and_more_mails_no_more_each(app) -> None:
    def cost(size: int) -> int:
        crowd(app, size)
        catch_up(app)
        with app.app_context():
            mailing.send_due()
        with listening(app) as seen, app.app_context():
            assert mail.send_due() >= size
        return len(seen)

    with mailing_forum(app) as office:
        few = cost(5)
        sent = len(office.letters)
        assert cost(10) - few == 3 * (len(office.letters) - 2 * sent)
