"""Mails that carry links, and the addresses they go to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts.addresses import clean_email
from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail, send_due, stuck_mails
from tests.accounts.recovering import NEW, OLD, send, set_up
from tests.support.browser import Browser
from tests.support.corpora import strings
from tests.support.post_office import post_office


def test_mails_reach_the_post_office_in_the_readers_language_and_leave_no_trace(app, vera, mailing):
    with app.app_context(), transaction():
        db.session.get_one(Person, vera).locale = "ru"
    send(Browser(app), "/password-reset", email="vera@example.org")

    with post_office() as office:
        set_up(app, mail_url=office.url, name="Форум")
        with app.app_context():
            sent = send_due(), send_due()

    letter = office.letters[0]
    assert sent == (1, 0)
    assert letter["To"] == "vera@example.org"
    assert "Форум" in letter["From"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "/password-reset/" in letter.get_content()
    with app.app_context():
        row = db.session.scalars(select(OutboxMail)).one()
        assert (row.recipient, row.subject, row.body) == ("", "", "")


def test_a_mail_that_is_refused_waits_and_is_tried_again(app, vera, mailing):
    send(Browser(app), "/password-reset", email="vera@example.org")

    with post_office("450 later") as office:
        set_up(app, mail_url=office.url)
        with app.app_context():
            assert send_due() == 0
            assert send_due() == 0
            office.refusal = ""
        with time_machine.travel(now() + timedelta(minutes=3)), app.app_context():
            assert send_due() == 1


def test_a_mail_that_waited_too_long_for_a_server_is_not_sent_any_more(app, vera, mailing):
    send(Browser(app), "/password-reset", email="vera@example.org")

    with post_office() as office:
        set_up(app, mail_url=office.url)
        with time_machine.travel(now() + timedelta(days=8)), app.app_context():
            assert (send_due(), stuck_mails()) == (0, 1)
        with app.app_context():
            assert (send_due(), stuck_mails()) == (1, 0)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Vera@Example.org ", "vera@example.org"),
        ("o'neil+x@mail.example.co", "o'neil+x@mail.example.co"),
        ("vera@пример.рф", "vera@xn--e1afmkfd.xn--p1ai"),
        ("root@localhost", "root@localhost"),
        ("vera@example", None),
        ("vera@1.2.3.4", None),
        ("a..b@example.org", None),
        (".a@example.org", None),
        ("a@b@example.org", None),
        ("a b@example.org", None),
        ("Vera <vera@example.org>", None),
        ("vera@example.org\nBcc: x@example.org", None),
        ("x" * 65 + "@example.org", None),
        ("a@" + "x" * 64 + ".org", None),
        ("", None),
    ],
)
def test_an_address_is_kept_in_one_form_or_is_none(typed, stored):
    assert clean_email(typed) == stored


def test_no_address_of_the_corpus_is_a_fault_wherever_it_is_typed(app, vera, mailing, data):
    browser = Browser(app)
    browser.enter_as(vera)
    stranger = Browser(app)
    stranger.get("/register")
    corpus = strings(data, "emails_valid_invalid.jsonl", ("a@b", "\u202ea@b.c", "a@\x00.b"))

    for typed in corpus:
        seen = [
            stranger.post("/register", {"name": "X", "email": typed}).status_code,
            stranger.post("/password-reset", {"email": typed}).status_code,
            stranger.post("/welcome", {"email": typed, "code": typed, "password": NEW}).status_code,
        ]
        assert set(seen) <= {200, 422}, typed
    for typed in corpus[:10]:
        fields = {"email": typed, "current_password": OLD}
        assert browser.post("/settings/email", fields).status_code in (303, 422), typed
