"""Reminders of surveys name who has not answered: nobody else reads them, and nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core import mail
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.notifications import digest, mailing
from forum.notifications.models import DueMail, LastMail, Notification
from forum.surveys import reminding
from tests.notifications.posting import mailing_forum, told
from tests.notifications.test_weekly import popular
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]
MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HOURS = timedelta(hours=1)


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app, **company.GENEROUS)


@contextmanager
def on(day: int, hour: int = 0) -> Iterator[datetime]:
    """So many days after the first Monday."""
    at = MONDAY + timedelta(days=day, hours=hour)
    with time_machine.travel(at, tick=False):
        yield at


def desks(app: Flask, person: int) -> int:
    """Another service for the same people."""
    with app.app_context():
        finance = db.session.get_one(Person, person).department_id
    assert finance is not None
    return company.service(app, make.department(app), finance, "Desks")


def remind(app: Flask, at: datetime) -> int:
    with app.app_context():
        return reminding.remind(at.date())


def send(app: Flask) -> None:
    """What the jobs do with mails, once."""
    with app.app_context():
        mailing.send_due()
        mail.send_due()


def outbox(app: Flask) -> list[OutboxMail]:
    return company.rows(app, OutboxMail)


def reminded_in_vain(app: Flask, sign_in: SignIn) -> list[str]:
    """Of a survey in which one has answered every mail arrives but the reminders, which are given
    up; whom they went to."""
    laptops, people = company.served(app)
    with on(0):
        wave = company.running(app, [laptops], days=10)
        company.answer(app, sign_in(people[0]), wave, laptops)
    with mailing_forum(app), on(0):
        send(app)
    with mailing_forum(app, "550 no such person"):
        with on(5) as at:
            assert remind(app, at) > 0
        for hour in range(0, 40, 5):
            with on(5, hour):
                send(app)
    with app.app_context():
        names = list(db.session.scalars(select(OutboxMail.recipient)))
    assert names, "the attack works: the rows are there"
    return names


def test_administrators_see_nobody_who_was_reminded_in_vain(app: Flask, sign_in: SignIn) -> None:
    named = reminded_in_vain(app, sign_in)

    with on(7):
        page = sign_in(make.admin(app)).page("/admin/mails")
        figures = sign_in(make.admin(app)).get("/metrics").text

    assert page.all("li", data_mail=True) == []
    assert not any(each in page.text for each in named)
    assert "neither shown nor counted" in page.text
    assert "was given up" not in page.text
    assert "were given up" not in page.text
    assert "\nforum_mails_stuck 0\n" in figures
    assert "\nforum_mails_waiting 0\n" in figures
    with app.app_context():
        assert mail.stuck_mails() == 0


def test_as_many_figures_however_many_wait_to_be_reminded(app: Flask, sign_in: SignIn) -> None:
    laptops, _people = company.served(app)
    with mailing_forum(app, "450 later"):
        with on(0):
            company.running(app, [laptops], days=10)
        with on(0, 1):
            send(app)
            figures = sign_in(make.admin(app)).get("/metrics").text

    assert len(outbox(app)) == 6
    assert "\nforum_mails_waiting 0\n" in figures


def test_without_surveys_nothing_is_said_of_them_beside_the_mails(
    app: Flask, sign_in: SignIn
) -> None:
    company.switch_on(app, modules=[])

    assert "survey" not in sign_in(make.admin(app)).page("/admin/mails").text.casefold()


def test_reminders_that_were_refused_are_tried_again_until_they_arrive(app: Flask) -> None:
    laptops, people = company.served(app)
    with mailing_forum(app, "450 later"):
        with on(0):
            company.running(app, [laptops], days=10)
        with on(0, 1):
            send(app)
    assert len(outbox(app)) == len(people)
    with mailing_forum(app) as office, on(0, 2):
        send(app)

    assert len(office.letters) == len(people)
    assert outbox(app) == []


def test_all_are_tried_again_without_telling_how_many(app: Flask, sign_in: SignIn) -> None:
    named = reminded_in_vain(app, sign_in)
    with on(7):
        admin = sign_in(make.admin(app))
        for each in outbox(app):
            admin.post(f"/admin/mails/{each.id}/again")
        assert {each.attempts for each in outbox(app)} == {mail.ATTEMPTS}
        admin.post("/admin/mails/again")
        page = admin.page("/admin/mails").text
    with mailing_forum(app) as office, on(7):
        send(app)

    assert "What was given up is tried again." in page
    assert sorted(str(letter["To"]) for letter in office.letters) == sorted(named)


def test_nothing_is_left_of_a_mail_about_surveys_once_it_arrived(app: Flask) -> None:
    laptops, people = company.served(app)
    with mailing_forum(app) as office, on(0):
        company.running(app, [laptops], days=10)
        send(app)

    assert len(office.letters) == len(people)
    assert outbox(app) == []
    assert company.rows(app, DueMail) == []
    assert company.rows(app, LastMail) == []


def test_a_delivered_mail_leaves_only_that_one_was_sent(app: Flask) -> None:
    moment = MONDAY + timedelta(hours=3)
    person, idea = make.person(app, email="a@example.org"), make.idea(app)
    with mailing_forum(app) as office:
        with on(0), app.app_context(), transaction():
            thing = f"idea-{idea}"
            mail.queue_mail("a@example.org", "Hello", "Text", "<p>", "https://x", person, thing)
        with time_machine.travel(moment, tick=False):
            send(app)

    assert len(told(office, "a@example.org")) == 1
    [row] = outbox(app)
    columns = [column.name for column in OutboxMail.__table__.c]
    kept = {name: getattr(row, name) for name in columns}
    assert {name for name, value in kept.items() if value} == {
        *("id", "created_at", "due_at", "sent_at")
    }
    assert {kept["created_at"], kept["due_at"], kept["sent_at"]} == {moment}


def test_mails_that_did_not_arrive_go_when_the_survey_ends(app: Flask, sign_in: SignIn) -> None:
    reminded_in_vain(app, sign_in)

    with on(11):
        company.run(app)

    assert outbox(app) == []


class Two:
    """Two surveys of the same people: the first ends, and three never answered it in time."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self.app = app
        laptops, self.people = company.served(app)
        second = desks(app, self.people[0])
        with on(0):
            self.ends = company.running(app, [laptops], days=10)
        with on(0, 1) as self.asked_at:
            self.stays = company.running(app, [second], days=40)
            for person in self.people[:2]:
                company.answer(app, sign_in(person), self.ends, laptops)
        for day in (5, 8):
            with on(day) as at:
                remind(app, at)

    def end(self) -> None:
        with on(11):
            company.run(self.app)


def test_reminders_go_with_the_survey_though_another_asks_the_same_people(
    app: Flask, sign_in: SignIn
) -> None:
    two = Two(app, sign_in)
    with app.app_context():
        due = select(func.count()).where(Notification.kind == "survey-due")
        assert db.session.scalar(due) == 8, "the attack works"

    two.end()

    left = [(row.person_id, row.kind, row.at) for row in company.rows(app, Notification)]
    assert sorted(left) == [(person, "survey-asks", two.asked_at) for person in two.people]
    with app.app_context():
        unread = select(Person.unread).where(Person.id.in_(two.people))
        assert db.session.scalars(unread).all() == [1] * 6


def test_what_was_opened_stays_so_and_nobody_sees_when(app: Flask, sign_in: SignIn) -> None:
    two = Two(app, sign_in)
    with on(9):
        reader = sign_in(two.people[3])
        reader.post("/notifications/read")
    with app.app_context():
        person = db.session.get_one(Person, two.people[3])
        assert person.unread == 0

    two.end()

    [row] = [each for each in company.rows(app, Notification) if each.person_id == two.people[3]]
    assert (row.at, row.read_at) == (two.asked_at, two.asked_at)
    with on(11):
        page = reader.page("/notifications").text
    assert "Your answers are wanted by" in page
    with app.app_context():
        assert db.session.get_one(Person, two.people[3]).unread == 0


def test_of_mails_only_those_stay_that_ask_for_what_still_runs(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    second = desks(app, people[0])
    with on(0):
        ends = company.running(app, [laptops], days=10)
        company.answer(app, sign_in(people[0]), ends, laptops)
    with mailing_forum(app), on(0, 1):
        send(app)
    with mailing_forum(app, "450 later"):
        with on(5) as at:
            assert remind(app, at) == 5
            send(app)
        with on(9):
            company.running(app, [second], days=20)
            send(app)
    assert len(outbox(app)) == 5 + 6

    with on(11):
        company.run(app)

    assert {each.person_id for each in outbox(app)} == set(people)
    assert len(outbox(app)) == len(people)
    with mailing_forum(app) as office, on(11, 1):
        send(app)
    assert len(office.letters) == len(people)


def test_the_weekly_mail_does_not_tell_who_was_reminded(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    with mailing_forum(app) as office:
        with on(0):
            wave = company.running(app, [laptops], days=14)
            company.answer(app, sign_in(people[0]), wave, laptops)
            send(app)
        with on(8) as at:
            assert remind(app, at) == 5
            send(app)
        first = len(office.letters)
        with on(13):
            popular(app)
        with on(14):
            with app.app_context():
                digest.send_due()
            send(app)

    weekly = {str(letter["To"]) for letter in office.letters[first:]}
    with app.app_context():
        emails = set(db.session.scalars(select(Person.email).where(Person.id.in_(people))))
    assert weekly
    assert emails <= weekly, "who was reminded gets it like everybody else"
