"""News by mail: at once or gathered, each once, only to those who still may and want to hear."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core import mail, readers
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.core.readers import ReaderCursor
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import decisions
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.notifications import mailing
from forum.notifications.models import DueMail, Notification
from forum.notifications.topics import Channel, Topic
from tests.notifications.inboxes import called, catch_up, follow, unread
from tests.notifications.posting import (
    ADDRESS,
    anna,
    hear,
    mailing_forum,
    run,
    text_of,
    told,
)
from tests.support import make

HALF_AN_HOUR = timedelta(minutes=30)
pytestmark = pytest.mark.usefixtures("clock")


def waiting(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(DueMail.id))) or 0


def test_whose_department_is_asked_hears_it_at_once(app) -> None:
    finance = make.department(app)
    make.represent(app, anna(app), finance)
    with mailing_forum(app) as office:
        idea = make.idea(app, title="Faster invoices", departments=[finance])
        run(app)

        [letter] = told(office, "anna@example.org")

    assert letter["Subject"] == "Faster invoices"
    assert "Your department’s answer is wanted" in text_of(letter)
    assert "Invoices arrive late and nobody knows why." in text_of(letter)
    assert f"{ADDRESS}/ideas/{idea}#answers" in text_of(letter)


def test_mentions_and_decisions_go_at_once_too(app) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        idea = make.idea(app, author)
        make.comment(app, idea, body=called(app, author))
        run(app)
        make.decide(app, idea, "decline")
        run(app)

        first, second = told(office, "anna@example.org")

    assert "mentioned you" in text_of(first)
    assert "The idea was declined" in text_of(second)


def test_the_rest_is_one_mail_and_one_notice_about_an_idea_in_half_an_hour(app, clock) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        idea, other = make.idea(app, author), make.idea(app, author)
        for minutes, where in ((0, idea), (10, idea), (10, other), (9, idea)):
            clock.shift(timedelta(minutes=minutes))
            make.comment(app, where, body=f"Said at {minutes} of {where}.")
            run(app)
        assert told(office, "anna@example.org") == []

        clock.shift(timedelta(minutes=1))
        run(app)
        letters = told(office, "anna@example.org")
        clock.shift(HALF_AN_HOUR)
        run(app)
        run(app)

        assert len(told(office, "anna@example.org")) == 2

    [letter] = letters
    assert text_of(letter).count("commented") == 3
    assert unread(app, author) == 2


def test_what_comes_after_the_half_hour_is_another_notice(app, clock) -> None:
    author = anna(app)
    idea = make.idea(app, author)
    for _ in range(3):
        make.comment(app, idea)
        catch_up(app)
        clock.shift(timedelta(minutes=20))

    assert unread(app, author) == 2


def test_a_notice_stays_while_anything_of_it_may_be_read(app, sign_in) -> None:
    author, talker = anna(app), make.person(app, name="Boris")
    idea = make.idea(app, author)
    first = make.comment(app, idea, talker)
    make.comment(app, idea, make.person(app, name="Vera"))
    catch_up(app)
    browser = sign_in(author)
    assert "Boris commented · Vera commented" in browser.page("/notifications").text

    with app.app_context():
        one, target = db.session.get_one(Comment, first), db.session.get_one(Idea, idea)
        discussion.delete_comment(db.session.get_one(Person, talker), "idea", target, one)
    catch_up(app)

    page = browser.page("/notifications").text
    assert "Boris" not in page
    assert "Vera commented" in page
    assert unread(app, author) == 1


def test_opening_a_notice_reads_all_of_it_and_later_news_are_new(app, sign_in, clock) -> None:
    author = anna(app)
    idea = make.idea(app, author)
    make.comment(app, idea)
    make.comment(app, idea)
    catch_up(app)
    browser = sign_in(author)
    clock.shift(60)

    browser.post(browser.page("/notifications").one("button", class_="news-title")["formaction"])
    assert unread(app, author) == 0
    clock.shift(60)
    make.comment(app, idea)
    catch_up(app)

    assert unread(app, author) == 1


def test_reading_everything_leaves_what_came_since(app, clock) -> None:
    from forum.notifications.actions import mark_all_read

    author = anna(app)
    idea = make.idea(app, author)
    make.comment(app, idea)
    clock.shift(60)
    shown = datetime.now(UTC)
    clock.shift(60)
    make.comment(app, idea)
    catch_up(app)

    with app.app_context():
        mark_all_read(db.session.get_one(Person, author), up_to=shown)

    assert unread(app, author) == 1


def test_what_was_read_in_the_inbox_meanwhile_is_not_mailed(app, sign_in, clock) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        make.comment(app, make.idea(app, author))
        run(app)
        browser = sign_in(author)
        clock.shift(60)
        page = browser.page("/notifications")
        browser.post(page.one("button", class_="news-title")["formaction"])

        clock.shift(HALF_AN_HOUR)
        run(app)

    assert office.letters == []
    assert waiting(app) == 0


def hide(app: Flask, idea: int) -> None:
    moderator = make.moderator(app)
    with app.app_context():
        moderation.hide(db.session.get_one(Person, moderator), db.session.get_one(Idea, idea))


def test_what_is_hidden_before_the_mail_goes_is_not_mailed(app, clock) -> None:
    reader = anna(app)
    hear(app, reader, Topic.FOLLOWED, Channel.MAIL, on=True)
    with mailing_forum(app) as office:
        idea = make.idea(app)
        follow(app, idea, reader)
        make.comment(app, idea)
        run(app)
        hide(app, idea)

        clock.shift(HALF_AN_HOUR)
        run(app)

    assert told(office, "anna@example.org") == []


def test_a_mail_that_waits_in_the_outbox_asks_once_more(app, clock) -> None:
    finance, representative = make.department(app), anna(app)
    make.represent(app, representative, finance)
    with mailing_forum(app, "450 later") as office:
        idea = make.idea(app, departments=[finance])
        run(app)
        hide(app, idea)
        office.refusal = ""
        clock.shift(timedelta(minutes=5))
        run(app)

    assert told(office, "anna@example.org") == []
    with app.app_context():
        assert set(db.session.scalars(select(OutboxMail.recipient))) == {""}


@pytest.mark.parametrize("leave", ["deactivated", "deleted", "undone"])
def test_nothing_goes_to_those_who_left_nor_about_what_is_gone(app, clock, leave) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        idea = make.idea(app, author)
        comment = make.comment(app, idea, talker := make.person(app))
        if leave == "undone":
            make.decide(app, idea, "decline", by=(by := make.moderator(app)))
        catch_up(app)
        with app.app_context():
            if leave == "deactivated":
                admin = db.session.get_one(Person, make.admin(app))
                standing.deactivate(admin, db.session.get_one(Person, author))
            if leave in ("deleted", "undone"):
                one = db.session.get_one(Comment, comment)
                target = db.session.get_one(Idea, idea)
                discussion.delete_comment(db.session.get_one(Person, talker), "idea", target, one)
            if leave == "undone":
                decisions.take_back(db.session.get_one(Person, by), target)

        clock.shift(HALF_AN_HOUR)
        run(app)

    assert office.letters == []


def test_drafts_are_silent(app) -> None:
    finance, reader = make.department(app), anna(app)
    make.represent(app, reader, finance)
    with mailing_forum(app) as office:
        make.idea(app, departments=[finance], problem=called(app, reader), draft=True)
        run(app)

    assert office.letters == []


def test_who_never_came_in_or_has_no_address_is_not_written_to(app) -> None:
    finance = make.department(app)
    make.represent(app, make.person(app, signed_in_at=None), finance)
    make.represent(app, make.person(app, email=None, login="4711"), finance)
    with mailing_forum(app) as office:
        make.idea(app, departments=[finance])
        run(app)

    assert office.letters == []
    assert waiting(app) == 0


def test_without_a_server_nothing_waits_to_be_mailed(app) -> None:
    finance = make.department(app)
    make.represent(app, anna(app), finance)
    make.idea(app, departments=[finance])
    catch_up(app)

    assert waiting(app) == 0


def test_a_choice_made_meanwhile_counts(app, clock) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        make.comment(app, make.idea(app, author))
        run(app)
        hear(app, author, Topic.ANSWERED, Channel.MAIL, on=False)

        clock.shift(HALF_AN_HOUR)
        run(app)

    assert office.letters == []


def test_without_the_inbox_a_mail_still_comes(app) -> None:
    author = anna(app)
    hear(app, author, Topic.DECIDED, Channel.INBOX, on=False)
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        run(app)

    assert len(office.letters) == 1
    assert unread(app, author) == 0


@pytest.mark.parametrize("step", ["queue_mails", "note_mailed"])
def test_a_crash_between_the_news_and_the_mail_loses_and_doubles_nothing(
    app, monkeypatch, step
) -> None:
    author = anna(app)

    def crash(*_args: object) -> None:
        raise ConnectionError("the machine is gone")

    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        catch_up(app)
        with monkeypatch.context() as broken:
            broken.setattr(mailing, step, crash)
            with pytest.raises(ConnectionError), app.app_context():
                mailing.send_due()
        assert waiting(app) == 1

        run(app)
        run(app)

    assert len(office.letters) == 1


def test_reading_the_log_from_its_beginning_mails_nothing(app) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        run(app)
        with app.app_context(), transaction():
            db.session.execute(db.delete(Notification))
            db.session.execute(db.delete(ReaderCursor))
            db.session.execute(update(Person).values(unread=0))
        run(app)

    assert len(office.letters) == 1
    assert unread(app, author) == 1


def test_old_events_that_are_read_only_now_are_not_mailed(app, clock) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        clock.shift(timedelta(days=4))
        run(app)

    assert office.letters == []
    assert unread(app, author) == 1


def test_a_mail_that_somebody_waits_for_goes_before_news(app) -> None:
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, anna(app)), "decline")
        catch_up(app)
        with app.app_context():
            mailing.send_due()
        with app.app_context(), transaction():
            mail.queue_mail("vera@example.org", "A new password", "Here.")
        with app.app_context():
            mail.send_due()

    assert [letter["To"] for letter in office.letters] == ["vera@example.org", "anna@example.org"]


def test_readers_move_the_mark_even_where_there_is_no_news(app) -> None:
    make.vote(app, make.idea(app))
    catch_up(app)

    with app.app_context():
        assert mailing.mark() == readers.events.last_id()
