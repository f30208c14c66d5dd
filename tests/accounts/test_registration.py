"""Somebody of the company registers by mail; nobody else does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from tests.accounts.recovering import ADDRESS, NEW, letters, open_at_once, send, set_up
from tests.support import log
from tests.support.browser import Browser


def test_registration_is_not_there_unless_it_is_open(app, anonymous):
    closed = anonymous.get("/register").status_code
    set_up(app, registration="domain", registration_domains=["example.org"])
    without_mail = anonymous.get("/register").status_code
    set_up(app, mail_url="smtp://localhost:1", address=ADDRESS)
    link = anonymous.page("/sign-in").all("a", href="/register")

    assert [closed, without_mail, anonymous.get("/register").status_code] == [404, 404, 200]
    assert link


def test_somebody_of_the_company_registers_and_comes_in_once(app, anonymous, mailing):
    sent = send(anonymous, "/register", name="Nina", email="Nina@Example.org")
    path = letters(app)[0][1]

    answer = send(anonymous, path, password=NEW)

    assert sent.status_code == 200
    assert answer.status_code == 303
    assert anonymous.page("/settings").one("html")["data-role"] == "employee"
    assert Browser(app).get(path).status_code == 410
    assert "person.created" in [kind for kind, _by, _about in log.since(app, 0)]


def test_of_several_who_open_one_registration_at_once_one_comes_in(app, mailing):
    send(Browser(app), "/register", name="Nina", email="nina@example.org")
    path = letters(app)[0][1]

    assert open_at_once(app, path, NEW) == [303, 410, 410, 410]
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1


def test_nobody_is_added_before_the_mail_is_opened(app, anonymous, mailing):
    send(anonymous, "/register", name="Nina", email="nina@example.org")

    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 0


@pytest.mark.parametrize(
    "email",
    [
        "nina@evil.example",
        "nina@example.org.evil.example",
        "nina",
        "a@b@example.org",
        "nina+1@example.org",
        "",
    ],
)
def test_other_domains_are_refused(app, anonymous, mailing, email):
    answer = send(anonymous, "/register", name="Nina", email=email)

    assert answer.status_code == 422
    assert letters(app) == []


@pytest.mark.parametrize(
    "name",
    [
        "(anonymous)",
        " (Anonymous) ",
        "ANONYMOUS",
        "Anonymous.",
        "Ano-nymous",
        "А.ноним",
        "\N{GREEK CAPITAL LETTER ALPHA}n\N{GREEK SMALL LETTER OMICRON}nymous",
        "Аnоnymоus",  # noqa: RUF001 - some of its letters are Russian
        "Аноним",
        "«аноним»",
        "Анoним",  # noqa: RUF001 - one of its letters is Latin
        "Former  Colleague",
        "бывший коллега",
    ],
)
def test_nobody_registers_by_what_the_forum_writes_for_somebody_without_a_name(
    app, anonymous, mailing, name
):
    answer = send(anonymous, "/register", name=name, email="nina@example.org")

    assert answer.status_code == 422
    assert "Choose another" in answer.text
    assert letters(app) == []


def test_a_known_address_gets_a_mail_that_says_so_and_the_page_does_not(app, vera, mailing):
    known = send(Browser(app), "/register", name="X", email="vera@example.org")
    new = send(Browser(app), "/register", name="X", email="new@example.org")

    pages = {re.sub(r'(value|content)="[^"]*"', "", page.text) for page in (known, new)}
    assert len(pages) == 1
    assert [path.split("/")[1] for _to, path, _text in letters(app)] == ["sign-in", "register"]


def test_a_stranger_puts_no_words_into_the_mail_a_colleague_gets(app, anonymous, mailing):
    send(anonymous, "/register", name="Click https://evil.example now", email="new@example.org")

    assert "evil.example" not in letters(app)[0][2]


def test_a_forged_or_old_registration_is_refused(app, anonymous, mailing):
    send(anonymous, "/register", name="Nina", email="nina@example.org")
    path = letters(app)[0][1]

    forged = anonymous.get(path[:-3] + "abc")
    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        late = anonymous.get(path)

    assert [forged.status_code, late.status_code] == [410, 410]
