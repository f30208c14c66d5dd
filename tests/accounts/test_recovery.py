"""A forgotten password is replaced, by mail or by an administrator's link."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine

from forum.accounts import recovery
from forum.accounts.models import Person
from forum.core import audit
from forum.core.clock import now
from forum.core.db import db
from tests.accounts.recovering import NEW, OLD, can_sign_in, letters, send
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening


def test_a_forgotten_password_is_replaced_by_mail(app, anonymous, vera, mailing):
    there = Browser(app)
    there.enter_as(vera)
    send(anonymous, "/password-reset", email="vera@example.org")
    [(recipient, path, _text)] = letters(app)

    answer = send(anonymous, path, password=NEW)

    assert recipient == "vera@example.org"
    assert answer.status_code == 303
    assert can_sign_in(app, NEW)
    assert not can_sign_in(app, OLD)
    assert there.get("/settings").status_code == 303
    assert Browser(app).get(path).status_code == 410


def test_the_answer_does_not_tell_who_has_an_account(app, vera, mailing):
    make.person(app, email="gone@example.org", deactivated_at=now())

    answers = [
        send(Browser(app), "/password-reset", email=handle)
        for handle in (
            "vera@example.org",
            "gone@example.org",
            "nobody@example.org",
            "\x01",
            "x" * 9,
        )
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({re.sub(r'(value|content)="[^"]*"', "", answer.text) for answer in answers}) == 1
    assert {to for to, path, _text in letters(app) if path} == {"vera@example.org"}


def test_nobody_learns_from_the_work_done_who_has_an_account(app, vera, mailing):
    def changes(handle):
        browser = Browser(app)
        browser.get("/password-reset")
        with listening(app) as seen:
            browser.post("/password-reset", {"email": handle})
        return [s.split()[2] for s in seen if s.startswith("INSERT INTO outbox_mail")]

    assert changes("vera@example.org") == changes("nobody@example.org") == ["outbox_mail"]


def test_a_reset_link_ends_after_a_day(app, anonymous, vera, mailing):
    send(anonymous, "/password-reset", email="vera@example.org")

    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        assert anonymous.get(letters(app)[0][1]).status_code == 410


def test_links_in_mails_never_follow_the_host_a_stranger_sends(app, vera, mailing):
    browser = Browser(app)
    browser.get("/password-reset", headers={"Host": "evil.example"})
    browser.client.post(
        "/password-reset",
        data={"email": "vera@example.org", "csrf_token": browser.token},
        headers={"Host": "evil.example"},
    )

    assert all("evil.example" not in text for _to, _path, text in letters(app))


def test_without_mail_the_page_says_whom_to_ask(app, anonymous, vera):
    page = anonymous.page("/password-reset")
    anonymous.post("/password-reset", {"email": "vera@example.org"})

    assert "Ask an administrator" in page.text
    assert letters(app) == []


def test_asking_too_often_has_to_wait(app, anonymous, vera, mailing, throttled):
    answers = [send(anonymous, "/password-reset", email="vera@example.org") for _ in range(4)]
    nobody = [send(anonymous, "/password-reset", email="nobody@example.org") for _ in range(4)]

    assert [a.status_code for a in answers] == [200] * 3 + [429]
    assert [a.status_code for a in nobody] == [200] * 3 + [429]
    assert len(letters(app)) == 3 + 3
    assert {to for to, path, _text in letters(app) if path} == {"vera@example.org"}


def test_an_office_that_registers_one_morning_can_still_sign_in(app, vera, mailing, throttled):
    for i in range(61):
        answer = send(Browser(app), "/register", name="New", email=f"new{i}@example.org")

    assert answer.status_code == 429
    assert can_sign_in(app, OLD)


def test_an_administrator_hands_over_a_link_and_the_audit_knows(app, anonymous, vera):
    with app.app_context():
        link = recovery.reset_link(None, db.session.get_one(Person, vera))
        chain = audit.verify()

    answer = send(anonymous, "/" + link.split("/", 3)[3], password=NEW)

    assert answer.status_code == 303
    assert chain == (1, None)
    assert can_sign_in(app, NEW)


def test_a_new_password_ends_links_that_were_open(app, anonymous, vera, mailing):
    send(anonymous, "/password-reset", email="vera@example.org")
    browser = Browser(app)
    browser.enter_as(vera)
    browser.post("/settings/password", {"current_password": OLD, "password": NEW})

    assert anonymous.get(letters(app)[0][1]).status_code == 410
