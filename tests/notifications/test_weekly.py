"""The weekly mail: on Monday, once, to those who were away, and only if there is news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts import standing
from forum.accounts.models import Person, PersonSession
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.notifications import digest, mailing
from forum.notifications.models import DigestWeek
from forum.notifications.topics import Channel, Topic
from tests.notifications.inboxes import called, catch_up, follow
from tests.notifications.posting import hear, html_of, mailing_forum, run, set_up, text_of, told
from tests.standards import standards
from tests.support import make

MONDAY = datetime(2026, 11, 30, 5, 30, tzinfo=UTC)
"""Half past eight in Moscow."""
COST = 18
"""Queries more for a hundred people with somebody to write to, whoever they are."""
LONG_AGO = MONDAY - timedelta(days=40)
WEDNESDAY = MONDAY - timedelta(days=5)


@pytest.fixture
def clock():
    with time_machine.travel(WEDNESDAY, tick=False) as standing_still:
        yield standing_still


def anna(app: Flask, **fields) -> int:
    """Somebody who was here long ago."""
    usual = {"name": "Anna", "email": "anna@example.org", "signed_in_at": LONG_AGO}
    return make.person(app, **{**usual, **fields})


def weekly(app: Flask) -> int:
    with app.app_context():
        return digest.send_due()


def away(app: Flask, *people: int, before: datetime = MONDAY) -> None:
    """Everybody else was here on Sunday, so that nobody but these is written to."""
    with app.app_context(), transaction():
        query = update(Person).where(Person.id.not_in(people))
        db.session.execute(query.values(signed_in_at=before - timedelta(hours=10)))


def popular(app: Flask, title: str = "A popular idea", **fields) -> int:
    idea = make.idea(app, title=title, **fields)
    for _ in range(3):
        make.vote(app, idea)
    catch_up(app)
    return idea


def test_all_five_parts_in_one_mail(app, clock) -> None:
    finance = make.department(app)
    reader = anna(app, department=finance)
    make.represent(app, reader, finance)
    for topic in Topic:
        if topic != Topic.POPULAR:
            hear(app, reader, topic, Channel.MAIL, on=False)
    with mailing_forum(app, time_zone="Europe/Moscow") as office:
        make.idea(app, title="Asked of us", departments=[finance])
        followed = make.idea(app, title="Followed by me")
        follow(app, followed, reader)
        make.comment(app, followed)
        make.decide(app, make.idea(app, reader, title="Mine and decided"), "decline")
        popular(app, "Popular over there")
        standards.in_force(app, title="New rule", departments=[finance])
        run(app)
        away(app, reader)
        clock.move_to(MONDAY)

        assert weekly(app) == 1
        run(app)

    [letter] = told(office, "anna@example.org")
    text = text_of(letter)
    assert letter["Subject"] == "Your week at Counterpart"
    parts = [
        "WAITS FOR YOUR DEPARTMENT", "Asked of us", "MOVED SINCE YOU LOOKED", "Followed by me",
        "DECIDED", "Mine and decided", "declined", "POPULAR ELSEWHERE", "Popular over there",
        "3 supporters", "TO READ AND CONFIRM", "New rule",
    ]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert all(part in html_of(letter) for part in ("Asked of us", "Popular elsewhere"))
    assert "/unsubscribe/" in letter["List-Unsubscribe"]


def one_reader(app: Flask, **fields) -> int:
    reader = anna(app, **fields)
    popular(app)
    away(app, reader)
    set_up(app, mail_url="smtp://127.0.0.1:9", time_zone="Europe/Moscow")
    return reader


def test_once_a_week_and_only_on_monday(app, clock) -> None:
    one_reader(app)
    assert weekly(app) == 0
    clock.move_to(MONDAY - timedelta(minutes=31))
    assert weekly(app) == 0

    clock.move_to(MONDAY)
    assert (weekly(app), weekly(app)) == (1, 0)
    clock.shift(timedelta(days=2))
    assert weekly(app) == 0


def test_a_week_that_was_missed_is_not_told_later(app, clock) -> None:
    one_reader(app)

    clock.move_to(MONDAY + timedelta(days=2))

    assert weekly(app) == 0


def test_nothing_new_is_no_mail(app, clock) -> None:
    reader = one_reader(app)
    clock.move_to(MONDAY)
    assert weekly(app) == 1

    clock.move_to(MONDAY + timedelta(days=7))
    away(app, reader, before=MONDAY + timedelta(days=7))

    assert weekly(app) == 0


def test_what_waits_for_long_is_no_news_by_itself_but_is_told_with_it(app, clock) -> None:
    clock.move_to(MONDAY - timedelta(days=20))
    finance = make.department(app)
    reader = anna(app, department=finance)
    make.represent(app, reader, finance)
    make.idea(app, title="Asked long ago", departments=[finance])
    clock.move_to(WEDNESDAY)
    set_up(app, mail_url="smtp://127.0.0.1:9", time_zone="Europe/Moscow")
    away(app, reader)
    clock.move_to(MONDAY)
    assert weekly(app) == 0

    clock.shift(timedelta(days=2))
    popular(app)
    away(app, reader, before=MONDAY + timedelta(days=7))
    clock.move_to(MONDAY + timedelta(days=7))
    assert weekly(app) == 1

    with app.app_context():
        body = db.session.scalars(select(OutboxMail.body)).one()
    assert "Asked long ago" in body


def test_not_to_those_who_looked_in(app, clock, sign_in) -> None:
    reader = one_reader(app)
    with app.app_context(), transaction():
        db.session.execute(update(PersonSession).values(seen_at=LONG_AGO))
    browser = sign_in(reader)
    with app.app_context(), transaction():
        db.session.execute(update(PersonSession).values(seen_at=LONG_AGO))
    browser.get("/ideas")

    clock.move_to(MONDAY)

    assert weekly(app) == 0


def test_not_to_those_who_were_mailed(app, clock) -> None:
    reader = anna(app)
    with mailing_forum(app, time_zone="Europe/Moscow"):
        make.idea(app, problem=called(app, reader))
        popular(app)
        run(app)
        away(app, reader)
        clock.move_to(MONDAY)

        assert weekly(app) == 0


@pytest.mark.parametrize(
    "fields", [{"email": None, "login": "4711"}, {"signed_in_at": None}], ids=["mute", "stranger"]
)
def test_not_to_those_who_cannot_be_written_to_or_never_came(app, clock, fields) -> None:
    one_reader(app, **fields)
    with app.app_context(), transaction():
        query = update(Person).where(Person.name == "Anna")
        db.session.execute(query.values(signed_in_at=fields.get("signed_in_at", LONG_AGO)))

    clock.move_to(MONDAY)

    assert weekly(app) == 0


def test_not_to_those_who_left_nor_who_do_not_want_it(app, clock) -> None:
    leaver = one_reader(app)
    other = make.person(app, signed_in_at=LONG_AGO)
    for topic in Topic:
        if topic != Topic.MENTIONED:
            hear(app, other, topic, Channel.WEEKLY, on=False)
    admin = make.admin(app)
    with app.app_context():
        standing.deactivate(db.session.get_one(Person, admin), db.session.get_one(Person, leaver))
    away(app, leaver, other)

    clock.move_to(MONDAY)

    assert weekly(app) == 0


def test_a_crash_in_between_writes_to_everybody_once(app, clock, monkeypatch) -> None:
    popular(app)
    people = [make.person(app, signed_in_at=LONG_AGO) for _ in range(7)]
    away(app, *people)
    set_up(app, mail_url="smtp://127.0.0.1:9", time_zone="Europe/Moscow")
    monkeypatch.setattr(digest, "AT_A_TIME", 2)
    real, calls = digest.queue_mails, []

    def crash(letters) -> None:
        real(letters)
        calls.append(letters)
        if len(calls) == 3:
            raise ConnectionError("the machine is gone")

    clock.move_to(MONDAY)
    with monkeypatch.context() as broken:
        broken.setattr(digest, "queue_mails", crash)
        with pytest.raises(ConnectionError):
            weekly(app)
    weekly(app)
    weekly(app)

    with app.app_context():
        written = db.session.scalars(select(OutboxMail.person_id).order_by(OutboxMail.id)).all()
        assert written == people
        assert db.session.scalars(select(DigestWeek.done_at)).one() is not None


def test_hidden_ideas_and_those_of_other_departments_of_a_consultant_are_left_out(
    app, clock
) -> None:
    finance = make.department(app)
    consultant = anna(app, kind="consultant", attached=[finance])
    for topic in (Topic.POPULAR, Topic.FOLLOWED):
        hear(app, consultant, topic, Channel.WEEKLY, on=True)
    hidden = popular(app, "Canary hidden", departments=[finance])
    popular(app, "Canary elsewhere")
    popular(app, "Open to all", departments=[finance])
    moderator = make.moderator(app)
    with app.app_context():
        person, idea = db.session.get_one(Person, moderator), db.session.get_one(Idea, hidden)
        moderation.hide(person, idea)
    set_up(app, mail_url="smtp://127.0.0.1:9", time_zone="Europe/Moscow")
    away(app, consultant)

    clock.move_to(MONDAY)
    assert weekly(app) == 1

    with app.app_context():
        mail = db.session.scalars(select(OutboxMail)).one()
        assert "Open to all" in mail.body
        assert "Canary" not in mail.body + mail.html


def test_the_weekly_mail_of_last_week_does_not_stop_the_next(app, clock) -> None:
    reader = one_reader(app)
    clock.move_to(MONDAY)
    assert weekly(app) == 1

    clock.shift(timedelta(days=3))
    popular(app, "Another one")
    away(app, reader, before=MONDAY + timedelta(days=7))
    clock.move_to(MONDAY + timedelta(days=7))

    assert weekly(app) == 1


def test_the_cost_is_bounded_by_the_people_written_to(app, clock) -> None:
    from tests.support.queries import listening

    def cost() -> int:
        with app.app_context(), transaction():
            db.session.execute(db.delete(DigestWeek))
        with listening(app) as seen:
            weekly(app)
        return len(seen)

    one_reader(app)
    for _ in range(20):
        popular(app)
    away(app)
    clock.move_to(MONDAY)
    cost()
    nobody = cost()
    with app.app_context(), transaction():
        query = update(Person).where(Person.name == "Anna")
        db.session.execute(query.values(signed_in_at=LONG_AGO))
    before = people(app)

    assert cost() - nobody <= COST
    assert before > 60


def test_a_batch_costs_the_same_however_many_are_written_to(app, clock, monkeypatch) -> None:
    from tests.support.queries import listening

    def cost(size: int) -> int:
        readers = [readers_own(app) for _ in range(size)]
        away(app, *readers)
        with app.app_context(), transaction():
            db.session.execute(db.delete(DigestWeek))
        with listening(app) as seen:
            clock.move_to(MONDAY)
            assert weekly(app) == size
        clock.move_to(WEDNESDAY)
        return len(seen)

    monkeypatch.setattr(digest, "AT_A_TIME", 1_000)
    popular(app)
    standards.in_force(app)
    set_up(app, mail_url="smtp://127.0.0.1:9", time_zone="Europe/Moscow")
    cost(1)
    assert cost(10) == cost(40)


def readers_own(app: Flask) -> int:
    """Somebody with something in each of the five lists."""
    finance = make.department(app)
    reader = make.person(app, department=finance, signed_in_at=LONG_AGO)
    make.represent(app, reader, finance)
    make.idea(app, departments=[finance])
    moved = make.idea(app)
    follow(app, moved, reader)
    make.comment(app, moved)
    make.decide(app, make.idea(app, reader), "decline")
    return reader


def people(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Person.id))) or 0


def test_a_visit_is_noted_once_in_half_a_day(app, sign_in, clock) -> None:
    from tests.support.queries import listening

    browser = sign_in()
    browser.get("/settings")
    clock.shift(timedelta(hours=13))
    with listening(app) as first:
        browser.get("/settings")
    with listening(app) as second:
        browser.get("/settings")

    assert len(first) - len(second) == 1
    with app.app_context():
        seen = db.session.scalars(select(PersonSession.seen_at)).one()
    assert seen == datetime.now(UTC)


def test_a_page_is_shown_though_the_visit_cannot_be_noted(app, sign_in, clock) -> None:
    browser = sign_in()
    set_up(app, read_only=True)
    clock.shift(timedelta(hours=13))

    assert browser.get("/settings").status_code == 200


def test_mails_of_saved_searches_count_as_mails(app, clock) -> None:
    reader = one_reader(app)
    with app.app_context(), transaction():
        mailing.note_mailed([reader])

    clock.move_to(MONDAY)

    assert weekly(app) == 0
