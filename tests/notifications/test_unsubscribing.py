"""Stopping mails from the mail itself, by one click and without a session."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.accounts import sessions
from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.notifications import tokens
from forum.notifications.topics import Channel, Topic
from tests.notifications.inboxes import hears, usual
from tests.notifications.posting import html_of, mailing_forum, run
from tests.support import make
from tests.support.browser import Browser

ADDRESS = "/settings/notifications"


def link(app: Flask, person: int, what: str = Topic.DECIDED) -> str:
    with app.app_context():
        return tokens.path_of(person, what)


def test_one_click_in_a_mail_program_stops_such_mails_without_a_session(app) -> None:
    author = make.person(app, email="anna@example.org")
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        run(app)
        address = (
            office.letters[0]["List-Unsubscribe"].strip("<>").removeprefix("https://forum.example")
        )

        answer = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
        make.decide(app, make.idea(app, author), "decline")
        run(app)

        assert len(office.letters) == 1

    assert answer.status_code == 200
    assert hears(app, author) == usual(app, author) - {(Topic.DECIDED, Channel.MAIL)}


def test_looking_at_the_address_changes_nothing(app, anonymous) -> None:
    person = make.person(app)

    page = anonymous.page(link(app, person))

    assert "Not by mail any more?" in page.text
    assert hears(app, person) == usual(app, person)


def test_it_can_be_undone_on_the_same_page(app) -> None:
    person = make.person(app)
    address, browser = link(app, person), Browser(app)

    stopped = browser.post(address)
    back = browser.post(address, {"undo": "1"})

    assert "These mails stop" in stopped.text
    assert "These mails come again" in back.text
    assert hears(app, person) == usual(app, person)


def test_the_weekly_mail_stops_as_a_whole(app) -> None:
    person = make.person(app)

    Browser(app).post(link(app, person, tokens.WEEKLY))

    assert not [cell for cell in hears(app, person) if cell[1] == Channel.WEEKLY]


def test_the_address_outlives_passwords_and_opens_nothing_else(app, anonymous) -> None:
    person = make.person(app)
    address = link(app, person)
    with app.app_context(), transaction():
        sessions.end_all(db.session.get_one(Person, person))

    assert anonymous.get(address).status_code == 200
    assert anonymous.get("/settings").status_code == 303


@pytest.mark.parametrize("token", ["nonsense", "WzEsImRlY2lkZWQiXQ.AAAA", "%00", "a" * 3000])
def test_a_forged_address_leads_nowhere(app, anonymous, token) -> None:
    make.person(app)

    assert anonymous.get(f"/unsubscribe/{token}").status_code in (400, 404, 422)


def test_the_page_speaks_the_language_of_its_person(app, anonymous) -> None:
    person = make.person(app, locale="ru")

    assert "Больше не присылать по почте?" in anonymous.page(link(app, person)).text


def test_the_mail_and_the_page_name_the_same_address(app) -> None:
    author = make.person(app, email="anna@example.org")
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        run(app)

    [letter] = office.letters
    assert letter["List-Unsubscribe"].strip("<>") in html_of(letter)
